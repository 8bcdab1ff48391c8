import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refunds that answer a return: which, and how much of what it entitles to is tax. */
export class ReturnClaims1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table refunds add column return_id uuid, add column claimed_tax_minor bigint`);
    await runner.query(`alter table refunds add constraint refunds_claim
      check ((return_id is null) = (claimed_tax_minor is null))`);
    await runner.query(
      `create index refunds_return on refunds (organization_id, return_id) where return_id is not null`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
