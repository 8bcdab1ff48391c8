import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers tell by webhook, who said how an attempt ended, and money that came late. */
export class LateMoney1763950900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table provider_notices (
      organization_id uuid not null,
      provider text not null,
      id text not null,
      type text not null,
      received_at timestamptz not null,
      constraint provider_notices_pkey primary key (organization_id, provider, id)
    )`);
    await tenantTable(runner, 'provider_notices', { app: ['select', 'insert'] });
    await runner.query(`alter table payment_attempts
      add column settled_by text, add column settled_reason text, add column settled_evidence text`);
    await runner.query(`alter table payment_tasks drop constraint payment_tasks_kind`);
    await runner.query(`alter table payment_tasks add constraint payment_tasks_kind check (
      kind in ('late_decline', 'unknown_outcome', 'authorization_open', 'authorization_expiring', 'dispute', 'paid_late'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
