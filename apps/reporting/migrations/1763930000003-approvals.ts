import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose hands placed an order, and who approved that something was voided. */
export class Approvals1763930000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table sold_orders add column staff_id text`);
    await runner.query(`alter table sale_parts add column approved_by text`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
