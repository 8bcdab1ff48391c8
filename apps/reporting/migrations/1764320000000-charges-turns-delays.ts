import { contract } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Service charges one by one, tables and the time they were taken, and how late things were recorded. What was sold before
 * has them once the reports are built anew.
 */
export class ChargesTurnsDelays1764320000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table sale_parts add column charges jsonb not null default '[]'`);
    await runner.query(`alter table sale_parts alter column charges drop default`);
    await runner.query(`alter table sale_parts drop constraint sale_parts_kind`);
    await runner.query(`alter table sale_parts add constraint sale_parts_kind
      check (kind in ('line', 'charge', 'void', 'return', 'waiver'))`);
    await runner.query(`alter table sold_orders add column table_name text, add column covers integer,
      add column seated_at timestamptz, add column paid boolean not null default false, add column delay_ms bigint`);
    await runner.query(`alter table ledger_entries add column delay_ms bigint`);
    await runner.query(`alter table stock_movements add column delay_ms bigint`);
    await contract(runner, ChargesTurnsDelays1764320000000);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
