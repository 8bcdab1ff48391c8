import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1760100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table organizations (
      id uuid not null,
      organization_id uuid not null,
      name text not null,
      mode text not null,
      languages text[] not null,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint organizations_pkey primary key (id),
      constraint organizations_own check (organization_id = id),
      constraint organizations_mode check (mode in ('live', 'test'))
    )`);
    await runner.query(`create table locations (
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
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint locations_pkey primary key (id)
    )`);
    await runner.query(`create index locations_page on locations (organization_id, created_at, id)`);
    await runner.query(`create table staff (
      id uuid not null,
      organization_id uuid not null,
      name text not null,
      role text not null,
      location_ids uuid[],
      active boolean not null,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint staff_pkey primary key (id)
    )`);
    await runner.query(`create index staff_page on staff (organization_id, created_at, id)`);
    await runner.query(`create table api_keys (
      id uuid not null,
      organization_id uuid not null,
      name text not null,
      hash text not null,
      scopes text[] not null,
      location_ids uuid[],
      rate_per_second integer,
      expires_at timestamptz,
      revoked_at timestamptz,
      rotates uuid,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint api_keys_pkey primary key (id)
    )`);
    await runner.query(`create index api_keys_page on api_keys (organization_id, created_at, id)`);
    for (const table of ['organizations', 'locations', 'staff', 'api_keys']) await tenantTable(runner, table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
