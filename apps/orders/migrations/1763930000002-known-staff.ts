import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who works where, and as what: their role says what they may give away. */
export class KnownStaff1763930000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table known_staff (
      id uuid not null,
      organization_id uuid not null,
      role text not null,
      location_ids uuid[],
      active boolean not null,
      version integer not null,
      constraint known_staff_pkey primary key (id)
    )`);
    await tenantTable(runner, 'known_staff');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
