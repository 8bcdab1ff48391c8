import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Orders1760100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createOrders(runner);
    await createMenus(runner);
    await createCountdowns(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createOrders(runner: QueryRunner): Promise<void> {
  await runner.query(`create table orders (
    id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    check_id uuid not null,
    business_date date not null,
    number integer not null,
    status text not null,
    payment_status text not null,
    customer_id uuid,
    external_id text,
    version integer not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    changed_in bigint not null,
    document jsonb not null,
    constraint orders_pkey primary key (id),
    constraint orders_status check (status in ('placed', 'fired', 'ready', 'completed', 'cancelled')),
    constraint orders_payment_status check (payment_status in ('unpaid', 'partly_paid', 'paid'))
  )`);
  await runner.query(`create unique index orders_number on orders (location_id, business_date, number)`);
  await runner.query(`create unique index orders_check on orders (check_id)`);
  await runner.query(`create index orders_page on orders (organization_id, occurred_at, id)`);
  await runner.query(`create index orders_page_of_location on orders (location_id, occurred_at, id)`);
  await runner.query(`create index orders_open on orders (location_id, status, occurred_at, id)
    where status in ('placed', 'fired', 'ready')`);
  await runner.query(`create index orders_page_of_customer on orders (customer_id, occurred_at, id)
    where customer_id is not null`);
  await runner.query(`create index orders_external on orders (organization_id, external_id)
    where external_id is not null`);
  await runner.query(`create index orders_feed on orders (location_id, changed_in, id)`);
  // The feed watches every location that somebody in this process follows.
  await tenantTable(runner, 'orders', { worker: ['select'] });

  await runner.query(`create table order_numbers (
    location_id uuid not null,
    business_date date not null,
    organization_id uuid not null,
    last integer not null,
    constraint order_numbers_pkey primary key (location_id, business_date)
  )`);
  await tenantTable(runner, 'order_numbers');
}

async function createMenus(runner: QueryRunner): Promise<void> {
  await runner.query(`create table published_menus (
    location_id uuid not null,
    hash text not null,
    organization_id uuid not null,
    version integer not null,
    published_at timestamptz not null,
    body json,
    tries integer not null default 0,
    next_try_at timestamptz not null default now(),
    constraint published_menus_pkey primary key (location_id, hash)
  )`);
  await runner.query(`create index published_menus_current on published_menus (location_id, version)
    where body is not null`);
  await runner.query(`create index published_menus_wanted on published_menus (next_try_at) where body is null`);
  // The fetcher finds what is wanted over all organizations, and says when it is tried again.
  await tenantTable(runner, 'published_menus', { worker: ['select', 'update'] });

  await runner.query(`create table availabilities (
    id uuid not null,
    organization_id uuid not null,
    location_id uuid not null,
    item_id uuid not null,
    variation_id uuid,
    available boolean not null,
    until timestamptz,
    version integer not null,
    constraint availabilities_pkey primary key (id)
  )`);
  await runner.query(`create index availabilities_unavailable on availabilities (location_id) where not available`);
  await tenantTable(runner, 'availabilities');
}

async function createCountdowns(runner: QueryRunner): Promise<void> {
  await runner.query(`create table countdowns (
    location_id uuid not null,
    variation_id uuid not null,
    organization_id uuid not null,
    remaining integer not null,
    counted_at timestamptz not null,
    version integer not null,
    updated_at timestamptz not null,
    constraint countdowns_pkey primary key (location_id, variation_id),
    constraint countdowns_remaining check (remaining >= 0)
  )`);
  await runner.query(`create index countdowns_page on countdowns (organization_id, variation_id, location_id)`);
  await tenantTable(runner, 'countdowns', { app: ['select', 'insert', 'update', 'delete'] });
}
