import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules and groups of locations are drafted like everything else. */
export class SchedulesAndGroups1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table catalog_objects drop constraint catalog_objects_kind`);
    await runner.query(
      `alter table catalog_objects add constraint catalog_objects_kind check (kind in
        ('category', 'item', 'modifier_group', 'tax', 'service_charge', 'schedule', 'location_group'))`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
