import { testPostgres } from '@comanda/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { expect, test } from 'vitest';
import { clientOf, SECRET } from '../testing/checks-database.js';
import { databaseUrls } from './connect.js';
import { migrate } from './migrate.js';
import { tenantTable } from './tenancy.js';

class Reservations1772000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'reservations', 'seats integer not null');
    await createTable(runner, 'guests', 'reservation_id uuid not null');
    await createTable(runner, 'dishes', 'guest_id uuid not null');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

/** A tenant's table with one field of its own, which has an index. */
async function createTable(runner: QueryRunner, table: string, field: string): Promise<void> {
  await runner.query(`create table ${table} (
    organization_id uuid not null,
    id uuid not null,
    ${field},
    constraint ${table}_pkey primary key (organization_id, id)
  )`);
  const [name] = field.split(' ');
  await runner.query(`create index ${table}_${name} on ${table} (organization_id, ${name})`);
  await tenantTable(runner, table);
}

const OURS = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

test('tables that have just begun to fill are read by their keys, not by whatever index begins with the organization', async () => {
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
  await client.query(
    `insert into guests select $1, gen_random_uuid(), gen_random_uuid() from generate_series(1, 900)`,
    [OURS],
  );
  await client.query(
    `insert into dishes select $1, gen_random_uuid(), gen_random_uuid() from generate_series(1, 900)`,
    [OURS],
  );
  const eaten = `select id, (
      select count(*) from guests g join dishes d on d.organization_id = g.organization_id and d.guest_id = g.id
      where g.organization_id = r.organization_id and g.reservation_id = r.id)
    from reservations r where organization_id = $1`;
  const plan = await planOf(eaten);
  expect(plan).toContain('guests_reservation_id');
  expect(plan).toContain('dishes_guest_id');
  expect(plan).not.toContain('Hash');
});
