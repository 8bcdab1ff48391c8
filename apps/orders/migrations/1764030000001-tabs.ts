import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that are tabs, by name. */
export class OrderTabs1764030000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table orders add column tab text`);
    await runner.query(`create index orders_tabs on orders (organization_id, occurred_at, id)
      where tab is not null and status in ('placed', 'fired', 'ready')`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
