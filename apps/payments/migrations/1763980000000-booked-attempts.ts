import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reconciliation asks of each movement in the ledger which attempt it was: of a year, twenty thousand times. */
export class BookedAttempts1763980000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index payment_attempts_booked on payment_attempts (organization_id, payment_id) where status = 'approved'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
