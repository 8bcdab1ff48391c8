import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was put on gift cards and house accounts: collected, and no revenue. */
export class Loads1763950000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table ledger_entries add column loaded bigint not null default 0`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
