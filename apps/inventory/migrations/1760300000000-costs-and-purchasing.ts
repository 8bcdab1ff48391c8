import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CostsAndPurchasing1760300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addCosts(runner);
    await createCosts(runner);
    await createPurchasing(runner);
    await createTransfers(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function addCosts(runner: QueryRunner): Promise<void> {
  await runner.query(`alter table stock_items add column piece_weight_mg bigint`);
  await runner.query(`alter table movements add column cost bigint, add column currency text,
    add column average_value bigint, add column average_quantity bigint`);
  await runner.query(`alter table movements drop constraint movements_kind, add constraint movements_kind
    check (kind in ('receipt', 'sale', 'return', 'waste', 'count', 'adjustment', 'transfer'))`);
  await runner.query(`alter table unsettled add column costs bigint[] not null default '{}',
    add column valued bigint[] not null default '{}'`);
  await runner.query(`alter table levels add column value bigint not null default 0,
    add column valued bigint not null default 0`);
}

async function createCosts(runner: QueryRunner): Promise<void> {
  await runner.query(`create table stock_costs (
    location_id uuid not null,
    stock_item_id uuid not null,
    organization_id uuid not null,
    currency text not null,
    value bigint not null,
    quantity bigint not null,
    updated_at timestamptz not null,
    constraint stock_costs_pkey primary key (location_id, stock_item_id),
    constraint stock_costs_average check (value >= 0 and quantity > 0)
  )`);
  await runner.query(`create table cost_books (
    location_id uuid not null,
    organization_id uuid not null,
    version integer not null,
    constraint cost_books_pkey primary key (location_id)
  )`);
  for (const table of ['stock_costs', 'cost_books']) await tenantTable(runner, table);
}

async function createPurchasing(runner: QueryRunner): Promise<void> {
  await runner.query(`create table suppliers (
    id uuid not null,
    organization_id uuid not null,
    name text not null,
    email text,
    phone text,
    active boolean not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint suppliers_pkey primary key (id)
  )`);
  await runner.query(`create index suppliers_page on suppliers (organization_id, created_at, id)`);
  await runner.query(`create table purchase_orders (
    id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    supplier_id uuid not null,
    status text not null,
    reference text,
    expected_on date,
    currency text not null,
    lines jsonb not null,
    receipt_ids uuid[] not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint purchase_orders_pkey primary key (id),
    constraint purchase_orders_status check (status in ('draft', 'sent', 'partly_received', 'received', 'cancelled'))
  )`);
  await runner.query(`create index purchase_orders_page on purchase_orders (organization_id, created_at, id)`);
  for (const table of ['suppliers', 'purchase_orders']) await tenantTable(runner, table);
}

async function createTransfers(runner: QueryRunner): Promise<void> {
  await runner.query(`create table transfers (
    id uuid not null,
    organization_id uuid not null,
    from_location_id uuid not null,
    to_location_id uuid not null,
    status text not null,
    reason text,
    lines jsonb not null,
    moves integer not null,
    version integer not null,
    shipped_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint transfers_pkey primary key (id),
    constraint transfers_status check (status in ('shipped', 'partly_received', 'received', 'closed'))
  )`);
  await runner.query(`create index transfers_page on transfers (organization_id, created_at, id)`);
  await tenantTable(runner, 'transfers');
}
