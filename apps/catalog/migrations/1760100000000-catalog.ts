import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Catalog1760100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDrafts(runner);
    await createMenus(runner);
    await createAvailability(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createDrafts(runner: QueryRunner): Promise<void> {
  await runner.query(`create table catalog_objects (
    organization_id uuid not null,
    id uuid not null,
    kind text not null,
    version integer not null,
    data jsonb not null,
    archived_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint catalog_objects_pkey primary key (organization_id, id),
    constraint catalog_objects_kind check (kind in ('category', 'item', 'modifier_group', 'tax', 'service_charge'))
  )`);
  await runner.query(
    `create index catalog_objects_live on catalog_objects (organization_id, kind, id) where archived_at is null`,
  );
  await runner.query(`create table catalog_parts (
    organization_id uuid not null,
    id uuid not null,
    object_id uuid not null,
    sku text,
    constraint catalog_parts_pkey primary key (organization_id, id)
  )`);
  await runner.query(`create unique index catalog_parts_sku on catalog_parts (organization_id, sku)`);
  await runner.query(`create index catalog_parts_object on catalog_parts (organization_id, object_id)`);
  await runner.query(`create table item_overrides (
    organization_id uuid not null,
    location_id uuid not null,
    item_id uuid not null,
    present boolean,
    variations jsonb not null,
    version integer not null,
    removed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint item_overrides_pkey primary key (organization_id, location_id, item_id)
  )`);
  await tenantTable(runner, 'catalog_objects');
  await tenantTable(runner, 'catalog_parts');
  await tenantTable(runner, 'item_overrides');
}

async function createMenus(runner: QueryRunner): Promise<void> {
  await runner.query(`create table menus (
    organization_id uuid not null,
    location_id uuid not null,
    hash text not null,
    body text not null,
    constraint menus_pkey primary key (organization_id, location_id, hash)
  )`);
  await runner.query(`create table publications (
    organization_id uuid not null,
    location_id uuid not null,
    version integer not null,
    hash text not null,
    items integer not null,
    published_at timestamptz not null,
    published_by text not null,
    constraint publications_pkey primary key (organization_id, location_id, version)
  )`);
  // What was published stays as it was.
  await tenantTable(runner, 'menus', { app: ['select', 'insert'] });
  await tenantTable(runner, 'publications', { app: ['select', 'insert'] });
}

async function createAvailability(runner: QueryRunner): Promise<void> {
  await runner.query(`create table availability (
    organization_id uuid not null,
    id uuid not null,
    location_id uuid not null,
    item_id uuid not null,
    variation_id uuid,
    reason text not null,
    available boolean not null,
    until timestamptz,
    version integer not null,
    changed_at timestamptz not null,
    constraint availability_pkey primary key (organization_id, id),
    constraint availability_reason check (reason in ('manual', 'stock')),
    constraint availability_until check (until is null or not available)
  )`);
  await runner.query(
    `create index availability_gone on availability (organization_id, location_id, id) where not available`,
  );
  await runner.query(`create index availability_due on availability (until) where until is not null`);
  await runner.query(`create table stock_outs (
    organization_id uuid not null,
    level_id uuid not null,
    location_id uuid not null,
    depleted boolean not null,
    affected jsonb not null,
    version integer not null,
    constraint stock_outs_pkey primary key (organization_id, level_id)
  )`);
  await runner.query(`create index stock_outs_gone on stock_outs (organization_id, location_id) where depleted`);
  // The sweeper looks for what is due in all organizations.
  await tenantTable(runner, 'availability', { worker: ['select'] });
  await tenantTable(runner, 'stock_outs');
}
