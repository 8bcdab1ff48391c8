import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every service knows how a location is run. */
export class KnownPolicies1763930000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table known_locations add column policies jsonb`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
