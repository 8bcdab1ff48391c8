import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Loyalty1760300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCustomers(runner);
    await createPoints(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createCustomers(runner: QueryRunner): Promise<void> {
  await runner.query(`create table organization_keys (
    organization_id uuid not null,
    wrapped bytea not null,
    constraint organization_keys_pkey primary key (organization_id)
  )`);
  await tenantTable(runner, 'organization_keys', { app: ['select', 'insert'] });
  await runner.query(`create table customers (
    organization_id uuid not null,
    id uuid not null,
    wrapped_key bytea,
    particulars bytea,
    phone_index text,
    email_index text,
    points bigint not null default 0,
    erased_at timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint customers_pkey primary key (organization_id, id),
    constraint customers_erased check (num_nulls(wrapped_key, particulars) = case when erased_at is null then 0 else 2 end)
  )`);
  await runner.query(
    `create unique index customers_phone on customers (organization_id, phone_index) where phone_index is not null`,
  );
  await runner.query(
    `create unique index customers_email on customers (organization_id, email_index) where email_index is not null`,
  );
  await runner.query(`create index customers_page on customers (organization_id, created_at, id)`);
  await tenantTable(runner, 'customers');
}

async function createPoints(runner: QueryRunner): Promise<void> {
  await runner.query(`create table programs (
    organization_id uuid not null,
    points_per_unit integer not null,
    version integer not null,
    constraint programs_pkey primary key (organization_id)
  )`);
  await tenantTable(runner, 'programs');
  await runner.query(`create table points_entries (
    organization_id uuid not null,
    id uuid not null,
    customer_id uuid not null,
    kind text not null,
    points bigint not null,
    order_id uuid,
    payment_id uuid,
    reason text,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    constraint points_entries_pkey primary key (organization_id, id),
    constraint points_entries_kind check (kind in ('earn', 'redeem', 'reverse', 'adjust')),
    constraint points_entries_customer foreign key (organization_id, customer_id) references customers (organization_id, id)
  )`);
  await runner.query(
    `create index points_entries_page on points_entries (organization_id, customer_id, recorded_at, id)`,
  );
  await runner.query(
    `create index points_entries_order on points_entries (organization_id, order_id) where order_id is not null`,
  );
  // An order earns once, whatever else goes wrong.
  await runner.query(
    `create unique index points_entries_earned on points_entries (organization_id, order_id) where kind = 'earn'`,
  );
  await runner.query(`create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$`);
  await runner.query(`create trigger append_only before update or delete or truncate on points_entries
    for each statement execute function refuse_change()`);
  await tenantTable(runner, 'points_entries', { app: ['select', 'insert'] });
  await runner.query(`create table points_facts (
    organization_id uuid not null,
    fact_id uuid not null,
    order_id uuid not null,
    kind text not null,
    customer_id uuid,
    earns bigint,
    amount_minor bigint not null,
    payment_id uuid,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    state text not null,
    constraint points_facts_pkey primary key (organization_id, fact_id),
    constraint points_facts_kind check (kind in ('paid', 'refunded')),
    constraint points_facts_state check (state in ('new', 'waiting', 'booked'))
  )`);
  await runner.query(`create index points_facts_order on points_facts (organization_id, order_id)`);
  await runner.query(
    `create index points_facts_new on points_facts (organization_id, recorded_at) where state = 'new'`,
  );
  await tenantTable(runner, 'points_facts', { worker: ['select'] });
  await runner.query(`create table customer_orders (
    organization_id uuid not null,
    order_id uuid not null,
    customer_id uuid,
    location_id uuid not null,
    number integer not null,
    business_date date not null,
    status text not null,
    payment_status text not null,
    currency text not null,
    total_minor bigint not null,
    occurred_at timestamptz not null,
    version integer not null,
    constraint customer_orders_pkey primary key (organization_id, order_id)
  )`);
  await runner.query(
    `create index customer_orders_page on customer_orders (organization_id, customer_id, occurred_at, order_id)`,
  );
  await tenantTable(runner, 'customer_orders');
}
