import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments by wallet: a code that the guest scans, or the guest's own. */
export class Wallets1763950900001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table payments add column code_content text, add column code_expires_at timestamptz`);
    await runner.query(`alter table payments drop constraint payments_method`);
    await runner.query(`alter table payments add constraint payments_method check (
      method in ('cash', 'card', 'wallet', 'gift_card', 'house_account'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
