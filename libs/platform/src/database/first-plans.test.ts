import { testPostgres } from '@comanda/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { expect, test } from 'vitest';
import { clientOf, SECRET } from '../testing/checks-database.js';
import { databaseUrls } from './connect.js';
import { migrate } from './migrate.js';
import { tenantTable } from './tenancy.js';

class Reservations1772000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table reservations (
      organization_id uuid not null,
      id uuid not null,
      seats integer not null,
      constraint reservations_pkey primary key (organization_id, id)
    )`);
    await runner.query('create index reservations_seats on reservations (organization_id, seats)');
    await tenantTable(runner, 'reservations');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

const OURS = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

test('a table that has just begun to fill is read by its key, not by whatever index begins with the organization', async () => {
  const { url } = await (await testPostgres()).createDatabase('reservations');
  const urls = databaseUrls('reservations', { RESERVATIONS_DATABASE_URL: url, COMANDA_SECRET: SECRET });
  await migrate(urls, { entities: [], migrations: [Reservations1772000000000] }, SECRET);
  const client = await clientOf(urls.app);
  await client.query(`select set_config('app.organization', $1, false)`, [OURS]);
  await client.query(`insert into reservations select $1, gen_random_uuid(), 4 from generate_series(1, 500)`, [OURS]);
  const planOf = async (sql: string): Promise<string> =>
    JSON.stringify((await client.query(`explain (generic_plan, format json) ${sql}`)).rows);
  const some = 'select seats from reservations where organization_id = $1 and id = any($2::uuid[])';
  expect(await planOf(some)).toContain('reservations_pkey');
  const moved = `update reservations set seats = given.seats from unnest($2::uuid[], $3::int[]) as given (id, seats)
    where organization_id = $1 and reservations.id = given.id`;
  expect(await planOf(moved)).toContain('reservations_pkey');
});
