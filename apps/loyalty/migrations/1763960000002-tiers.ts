import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tiers1763960000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table programs add column tiers jsonb');
    await runner.query('alter table customers add column tier text, add column tier_checked_at timestamptz');
    await runner.query('create index customers_tier on customers (tier_checked_at) where tier is not null');
    const [{ worker }] = (await runner.query(`select current_database() || '_worker' as worker`)) as [
      { worker: string },
    ];
    await runner.query(`create policy worker on customers to "${worker}" using (true) with check (true)`);
    await runner.query(`grant select (organization_id, tier, tier_checked_at) on customers to "${worker}"`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
