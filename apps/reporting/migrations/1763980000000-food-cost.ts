import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stock was worth that dishes consumed. Movements of before know it once the reports are built anew. */
export class FoodCost1763980000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table stock_movements add column cost_micros bigint, add column cost_currency text`);
    await runner.query(
      `create index stock_movements_order on stock_movements (organization_id, order_id) where order_id is not null`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
