import { tenantTable } from '@comanda/platform';
import type { QueryRunner } from 'typeorm';

/** Makes the tables of a service's copy of organizations, locations and keys. */
export async function createIdentityCopy(runner: QueryRunner): Promise<void> {
  await runner.query(`create table known_organizations (
    organization_id uuid not null,
    name text not null,
    mode text not null,
    languages text[] not null,
    version integer not null,
    constraint known_organizations_pkey primary key (organization_id)
  )`);
  await runner.query(`create table known_locations (
    id uuid not null,
    organization_id uuid not null,
    name text not null,
    currency text not null,
    time_zone text not null,
    closing_hour integer not null,
    jurisdiction jsonb not null,
    cash_rounding jsonb,
    platform_fee jsonb not null,
    version integer not null,
    constraint known_locations_pkey primary key (id)
  )`);
  await runner.query(`create table known_keys (
    id uuid not null,
    organization_id uuid not null,
    hash text not null,
    scopes text[] not null,
    location_ids uuid[],
    rate_per_second integer,
    expires_at timestamptz,
    revoked_at timestamptz,
    version integer not null,
    constraint known_keys_pkey primary key (id)
  )`);
  await tenantTable(runner, 'known_organizations');
  await tenantTable(runner, 'known_locations');
  // A key names its organization, so it is looked up before any organization is known.
  await tenantTable(runner, 'known_keys', { worker: ['select'] });
}
