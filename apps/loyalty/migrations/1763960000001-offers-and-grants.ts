import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OffersAndGrants1763960000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createOffers(runner);
    await createGrants(runner);
    await runner.query(`alter table points_facts
      add column version integer,
      add column holds bigint,
      drop constraint points_facts_kind,
      add constraint points_facts_kind check (kind in ('paid', 'refunded', 'reward'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createOffers(runner: QueryRunner): Promise<void> {
  await runner.query(`create table offers (
    organization_id uuid not null,
    id uuid not null,
    kind text not null,
    terms jsonb not null,
    active boolean not null,
    uses integer not null default 0,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint offers_pkey primary key (organization_id, id),
    constraint offers_kind check (kind in ('coupon', 'reward'))
  )`);
  await runner.query(`create index offers_page on offers (organization_id, kind, created_at, id)`);
  await tenantTable(runner, 'offers');
  await runner.query(`create table coupon_codes (
    organization_id uuid not null,
    code text not null,
    coupon_id uuid not null,
    constraint coupon_codes_pkey primary key (organization_id, code)
  )`);
  await runner.query(`create index coupon_codes_coupon on coupon_codes (organization_id, coupon_id)`);
  await tenantTable(runner, 'coupon_codes', { app: ['select', 'insert', 'delete'] });
}

async function createGrants(runner: QueryRunner): Promise<void> {
  await runner.query(`create table grants (
    organization_id uuid not null,
    id uuid not null,
    kind text not null,
    offer_id uuid not null,
    customer_id uuid,
    order_id uuid,
    points bigint not null,
    state text not null,
    order_version integer,
    document jsonb not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    constraint grants_pkey primary key (organization_id, id),
    constraint grants_kind check (kind in ('coupon', 'reward')),
    constraint grants_state check (state in ('reserved', 'used', 'returned', 'released'))
  )`);
  await runner.query(`create index grants_due on grants (expires_at) where state = 'reserved'`);
  await runner.query(
    `create index grants_of_customer on grants (organization_id, offer_id, customer_id) where customer_id is not null`,
  );
  await runner.query(
    `create index grants_of_order on grants (organization_id, offer_id, order_id) where order_id is not null`,
  );
  await tenantTable(runner, 'grants', { worker: ['select'] });
}
