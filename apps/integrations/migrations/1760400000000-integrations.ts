import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Integrations1760400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEndpoints(runner);
    await createEvents(runner);
    await createDeliveries(runner);
    await createAttempts(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

async function createEndpoints(runner: QueryRunner): Promise<void> {
  await runner.query(`create table webhook_endpoints (
    organization_id uuid not null,
    id uuid not null,
    url text not null,
    description text,
    event_types text[],
    location_ids uuid[],
    status text not null,
    disabled_reason text,
    disabled_at timestamptz,
    failing_since timestamptz,
    secret bytea not null,
    previous_secret bytea,
    previous_secret_until timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint webhook_endpoints_pkey primary key (organization_id, id),
    constraint webhook_endpoints_status check (status in ('enabled', 'disabled')),
    constraint webhook_endpoints_disabled check (num_nulls(disabled_reason, disabled_at) = case when status = 'disabled' then 0 else 2 end),
    constraint webhook_endpoints_previous check (num_nulls(previous_secret, previous_secret_until) in (0, 2))
  )`);
  await runner.query(`create index webhook_endpoints_page on webhook_endpoints (organization_id, created_at, id)`);
  await tenantTable(runner, 'webhook_endpoints', {
    app: ['select', 'insert', 'update', 'delete'],
    worker: ['select', 'update'],
  });
}

async function createEvents(runner: QueryRunner): Promise<void> {
  await runner.query(`create table webhook_events (
    organization_id uuid not null,
    id uuid not null,
    type text not null,
    aggregate text not null,
    aggregate_version integer not null,
    location_id uuid,
    recorded_at timestamptz not null,
    kept_at timestamptz not null default now(),
    body text not null,
    constraint webhook_events_pkey primary key (organization_id, id)
  )`);
  await runner.query(`create index webhook_events_replay on webhook_events (organization_id, recorded_at, id)`);
  await runner.query(`create index webhook_events_kept on webhook_events (kept_at)`);
  await tenantTable(runner, 'webhook_events', { app: ['select', 'insert'], worker: ['select', 'delete'] });
}

async function createDeliveries(runner: QueryRunner): Promise<void> {
  await runner.query(`create table webhook_deliveries (
    organization_id uuid not null,
    id uuid not null,
    endpoint_id uuid not null,
    event_id uuid not null,
    aggregate text not null,
    aggregate_version integer not null,
    status text not null,
    attempts integer not null default 0,
    due_at timestamptz not null,
    leased_until timestamptz,
    first_failed_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz not null,
    constraint webhook_deliveries_pkey primary key (organization_id, id),
    constraint webhook_deliveries_status check (status in ('pending', 'delivered', 'failed')),
    constraint webhook_deliveries_to foreign key (organization_id, endpoint_id) references webhook_endpoints (organization_id, id) on delete cascade,
    constraint webhook_deliveries_of foreign key (organization_id, event_id) references webhook_events (organization_id, id) on delete cascade
  )`);
  // An event is on its way to an endpoint once; a replay sends it again by the same row.
  await runner.query(
    `create unique index webhook_deliveries_once on webhook_deliveries (organization_id, endpoint_id, event_id)`,
  );
  await runner.query(`create index webhook_deliveries_event on webhook_deliveries (organization_id, event_id)`);
  await runner.query(
    `create index webhook_deliveries_page on webhook_deliveries (organization_id, endpoint_id, created_at, id)`,
  );
  await runner.query(
    `create index webhook_deliveries_due on webhook_deliveries (organization_id, endpoint_id, due_at, aggregate_version) where status = 'pending'`,
  );
  await runner.query(
    `create index webhook_deliveries_order on webhook_deliveries (organization_id, endpoint_id, aggregate, aggregate_version) where status = 'pending'`,
  );
  await tenantTable(runner, 'webhook_deliveries', { worker: ['select', 'update'] });
}

async function createAttempts(runner: QueryRunner): Promise<void> {
  await runner.query(`create table webhook_attempts (
    organization_id uuid not null,
    id uuid not null,
    delivery_id uuid not null,
    at timestamptz not null,
    duration_ms integer not null,
    outcome text not null,
    status integer,
    constraint webhook_attempts_pkey primary key (organization_id, id),
    constraint webhook_attempts_outcome check (outcome in ('delivered', 'refused', 'redirected', 'timed_out', 'unreachable', 'address_refused')),
    constraint webhook_attempts_of foreign key (organization_id, delivery_id) references webhook_deliveries (organization_id, id) on delete cascade
  )`);
  await runner.query(`create index webhook_attempts_delivery on webhook_attempts (organization_id, delivery_id, at)`);
  await tenantTable(runner, 'webhook_attempts', { app: ['select'], worker: ['select', 'insert'] });
}
