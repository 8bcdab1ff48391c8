import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FloorPlans1763920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table floor_plans (
      location_id uuid not null,
      organization_id uuid not null,
      areas jsonb not null,
      version integer not null,
      updated_at timestamptz not null,
      constraint floor_plans_pkey primary key (location_id)
    )`);
    await tenantTable(runner, 'floor_plans');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
