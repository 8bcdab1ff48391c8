import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Inventory1760200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createStockItems(runner);
    await runner.query(`create function refuse_change() returns trigger language plpgsql as
      $$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$`);
    await createRecipes(runner);
    await createMovements(runner);
    await createLevels(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createStockItems(runner: QueryRunner): Promise<void> {
  await runner.query(`create table stock_items (
    id uuid not null,
    organization_id uuid not null,
    name text not null,
    unit text not null,
    low_at bigint,
    recovered_at bigint,
    floor bigint,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint stock_items_pkey primary key (id)
  )`);
  await runner.query(`create index stock_items_page on stock_items (organization_id, created_at, id)`);
  await tenantTable(runner, 'stock_items');
}

async function createRecipes(runner: QueryRunner): Promise<void> {
  await runner.query(`create table recipe_books (
    organization_id uuid not null,
    version integer not null,
    constraint recipe_books_pkey primary key (organization_id)
  )`);
  await runner.query(`create table recipes (
    id uuid not null,
    organization_id uuid not null,
    "of" text not null,
    item_id uuid,
    subject_id uuid not null,
    created_at timestamptz not null,
    constraint recipes_pkey primary key (id),
    constraint recipes_subject unique (organization_id, "of", subject_id)
  )`);
  await runner.query(`create index recipes_page on recipes (organization_id, created_at, id)`);
  await runner.query(`create table recipe_versions (
    recipe_id uuid not null,
    version integer not null,
    organization_id uuid not null,
    effective_from timestamptz not null,
    components jsonb not null,
    recorded_at timestamptz not null,
    constraint recipe_versions_pkey primary key (recipe_id, version)
  )`);
  await tenantTable(runner, 'recipe_books');
  await tenantTable(runner, 'recipes', { app: ['select', 'insert'] });
  await appendOnly(runner, 'recipe_versions');
}

async function createMovements(runner: QueryRunner): Promise<void> {
  await runner.query(`create table stock_entries (
    id uuid not null,
    organization_id uuid not null,
    kind text not null,
    location_id uuid not null,
    reference text,
    reason text,
    business_date date not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by text not null,
    constraint stock_entries_pkey primary key (id),
    constraint stock_entries_kind check (kind in ('receipt', 'count', 'waste', 'adjustment'))
  )`);
  await runner.query(`create table movements (
    id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    stock_item_id uuid not null,
    cause_id uuid not null,
    kind text not null,
    quantity bigint not null,
    line_id uuid,
    recipe_id uuid,
    recipe_version integer,
    reason text,
    business_date date not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    constraint movements_pkey primary key (id),
    constraint movements_kind check (kind in ('receipt', 'sale', 'return', 'waste', 'count', 'adjustment')),
    constraint movements_counted check (kind <> 'count' or quantity >= 0)
  )`);
  await runner.query(`create index movements_newest on movements (organization_id, occurred_at, id)`);
  await runner.query(`create index movements_level on movements (location_id, stock_item_id, occurred_at, id)`);
  await runner.query(
    `create index movements_counts on movements (location_id, stock_item_id, occurred_at, cause_id) where kind = 'count'`,
  );
  await runner.query(`create index movements_cause on movements (cause_id)`);
  await runner.query(`create table order_consumption (
    order_id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    version integer not null,
    moves integer not null,
    lines jsonb not null,
    constraint order_consumption_pkey primary key (order_id)
  )`);
  await runner.query(`create table unsettled (
    id bigint generated always as identity,
    organization_id uuid not null,
    location_id uuid not null,
    counted boolean not null,
    stock_item_ids uuid[] not null,
    quantities bigint[] not null,
    occurred_ats timestamptz[] not null,
    constraint unsettled_pkey primary key (id)
  )`);
  await runner.query(`create index unsettled_location on unsettled (location_id)`);
  // Every row lives for a moment: vacuum comes earlier than for other tables.
  await runner.query(`alter table unsettled set (autovacuum_vacuum_scale_factor = 0.02)`);
  await appendOnly(runner, 'stock_entries');
  await appendOnly(runner, 'movements');
  await tenantTable(runner, 'unsettled', { app: ['select', 'insert', 'delete'], worker: ['select'] });
  await tenantTable(runner, 'order_consumption');
}

async function createLevels(runner: QueryRunner): Promise<void> {
  await runner.query(`create table levels (
    id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    stock_item_id uuid not null,
    quantity bigint not null,
    low boolean not null,
    depleted boolean not null,
    blocks jsonb not null,
    counted_at timestamptz,
    counted_by uuid,
    version integer not null,
    updated_at timestamptz not null,
    constraint levels_pkey primary key (id),
    constraint levels_place unique (location_id, stock_item_id)
  )`);
  await runner.query(`create index levels_stock_item on levels (stock_item_id)`);
  // Every sale updates the same few rows: room on their page lets each new version replace the last in place.
  await runner.query(`alter table levels set (fillfactor = 50)`);
  await tenantTable(runner, 'levels');
}

/** What was recorded stays: neither the app nor an owner's slip can change a row. */
async function appendOnly(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`create trigger append_only before update or delete or truncate on "${table}"
    for each statement execute function refuse_change()`);
  await tenantTable(runner, table, { app: ['select', 'insert'] });
}
