import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Reporting1760400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createSales(runner);
    await createMoney(runner);
    await createStock(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createSales(runner: QueryRunner): Promise<void> {
  await runner.query(`create table sold_orders (
    organization_id uuid not null,
    order_id uuid not null,
    version integer not null,
    digest text not null,
    resold boolean not null,
    location_id uuid not null,
    business_date date not null,
    occurred_at timestamptz not null,
    channel text not null,
    service_type text not null,
    placed_by text not null,
    currency text not null,
    total bigint not null,
    constraint sold_orders_pkey primary key (organization_id, order_id)
  )`);
  await runner.query(`create index sold_orders_day on sold_orders (organization_id, business_date)`);
  await tenant(runner, 'sold_orders');
  await runner.query(`create table sale_parts (
    organization_id uuid not null,
    order_id uuid not null,
    position integer not null,
    kind text not null,
    business_date date not null,
    occurred_at timestamptz not null,
    line_id uuid,
    item_id uuid,
    variation_id uuid,
    category_id uuid,
    item_name jsonb not null,
    variation_name jsonb,
    quantity bigint not null,
    gross bigint not null,
    discount bigint not null,
    net bigint not null,
    charge bigint not null,
    tax bigint not null,
    total bigint not null,
    taxes jsonb not null,
    discounts jsonb not null,
    reason text,
    voided_by text,
    sent boolean,
    constraint sale_parts_pkey primary key (organization_id, order_id, position),
    constraint sale_parts_kind check (kind in ('line', 'charge', 'void')),
    constraint sale_parts_total check (total = net + charge + tax)
  )`);
  await runner.query(`create index sale_parts_day on sale_parts (organization_id, business_date)`);
  await tenant(runner, 'sale_parts');
}

async function createMoney(runner: QueryRunner): Promise<void> {
  await runner.query(`create table ledger_entries (
    organization_id uuid not null,
    transaction_id uuid not null,
    version integer not null,
    kind text not null,
    location_id uuid not null,
    order_id uuid not null,
    payment_id uuid not null,
    business_date date not null,
    occurred_at timestamptz not null,
    currency text not null,
    collected bigint not null,
    merchant bigint not null,
    tax bigint not null,
    tip bigint not null,
    provider_fee bigint not null,
    platform_fee bigint not null,
    rounding bigint not null,
    constraint ledger_entries_pkey primary key (organization_id, transaction_id)
  )`);
  await runner.query(`create index ledger_entries_day on ledger_entries (organization_id, business_date)`);
  await runner.query(`create index ledger_entries_order on ledger_entries (organization_id, order_id)`);
  await tenant(runner, 'ledger_entries');
  await runner.query(`create table tenders (
    organization_id uuid not null,
    payment_id uuid not null,
    version integer not null,
    method text not null,
    brand text,
    taken_by text not null,
    constraint tenders_pkey primary key (organization_id, payment_id)
  )`);
  await tenant(runner, 'tenders');
}

async function createStock(runner: QueryRunner): Promise<void> {
  await runner.query(`create table stock_movements (
    organization_id uuid not null,
    movement_id uuid not null,
    version integer not null,
    location_id uuid not null,
    stock_item_id uuid not null,
    kind text not null,
    quantity bigint not null,
    unit text not null,
    order_id uuid,
    line_id uuid,
    business_date date not null,
    occurred_at timestamptz not null,
    constraint stock_movements_pkey primary key (organization_id, movement_id)
  )`);
  await runner.query(`create index stock_movements_day on stock_movements (organization_id, business_date)`);
  await tenant(runner, 'stock_movements');
}

/** A read model is written anew as often as it takes: rows may also go. */
const tenant = (runner: QueryRunner, table: string): Promise<void> =>
  tenantTable(runner, table, { app: ['select', 'insert', 'update', 'delete'] });
