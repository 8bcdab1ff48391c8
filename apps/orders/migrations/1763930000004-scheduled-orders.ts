import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was promised for when, and how many places of each slot are taken. */
export class ScheduledOrders1763930000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table scheduled_orders (
      order_id uuid not null,
      organization_id uuid not null,
      location_id uuid not null,
      business_date date not null,
      ordered_at timestamptz not null,
      fire_at timestamptz not null,
      slot_at timestamptz not null,
      waiting boolean not null,
      constraint scheduled_orders_pkey primary key (order_id)
    )`);
    await runner.query(`create index scheduled_orders_due on scheduled_orders (fire_at) where waiting`);
    await runner.query(`create index scheduled_orders_day on scheduled_orders (organization_id, business_date)`);
    // The sweeper finds what is due over all organizations.
    await tenantTable(runner, 'scheduled_orders', { worker: ['select'] });

    await runner.query(`create table order_slots (
      location_id uuid not null,
      starts_at timestamptz not null,
      organization_id uuid not null,
      taken integer not null,
      constraint order_slots_pkey primary key (location_id, starts_at),
      constraint order_slots_taken check (taken >= 0)
    )`);
    await tenantTable(runner, 'order_slots');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
