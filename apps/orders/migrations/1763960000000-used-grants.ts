import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UsedGrants1763960000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table used_grants (
      organization_id uuid not null,
      grant_id uuid not null,
      order_id uuid not null,
      constraint used_grants_pkey primary key (organization_id, grant_id)
    )`);
    await tenantTable(runner, 'used_grants', { app: ['select', 'insert'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
