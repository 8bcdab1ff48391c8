import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a location is run: what was said of it, and no more. */
export class Policies1763930000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table locations add column policies jsonb`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
