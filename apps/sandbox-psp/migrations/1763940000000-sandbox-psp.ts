import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The books of the sandbox: charges, the calls that made them, codes, disputes, and what is told by webhook. */
export class SandboxPsp1763940000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table charges (
      organization_id uuid not null,
      id text not null,
      source text not null,
      currency text not null,
      open boolean not null,
      authorized_minor bigint not null,
      tip_allowance_minor bigint not null,
      captured_minor bigint not null,
      refunded_minor bigint not null,
      fee_minor bigint not null,
      created_at timestamptz not null,
      constraint charges_pkey primary key (organization_id, id),
      constraint charges_bounds check (
        refunded_minor <= captured_minor and captured_minor <= authorized_minor + tip_allowance_minor)
    )`);
    await runner.query(`create table calls (
      organization_id uuid not null,
      reference uuid not null,
      kind text not null,
      charge_id text,
      currency text not null,
      moved_minor bigint not null,
      fee_minor bigint not null,
      outcome jsonb not null,
      created_at timestamptz not null,
      constraint calls_pkey primary key (organization_id, reference),
      constraint calls_kind check (kind in ('authorize', 'increment', 'capture', 'void', 'refund'))
    )`);
    await runner.query(`create index calls_moved on calls (organization_id, created_at, reference)
      where moved_minor <> 0`);
    await runner.query(`create table codes (
      organization_id uuid not null,
      reference uuid not null,
      amount_minor bigint not null,
      currency text not null,
      content text not null,
      cancelled boolean not null,
      expires_at timestamptz not null,
      created_at timestamptz not null,
      constraint codes_pkey primary key (organization_id, reference)
    )`);
    await runner.query(`create table disputes (
      organization_id uuid not null,
      id text not null,
      charge_id text not null,
      currency text not null,
      amount_minor bigint not null,
      fee_minor bigint not null,
      reason text not null,
      status text not null,
      opened_at timestamptz not null,
      closed_at timestamptz,
      constraint disputes_pkey primary key (organization_id, id),
      constraint disputes_status check (status in ('open', 'won', 'lost')),
      constraint disputes_closed check ((status = 'open') = (closed_at is null))
    )`);
    await runner.query(`create index disputes_opened on disputes (organization_id, opened_at)`);
    await runner.query(`create table notices (
      organization_id uuid not null,
      id uuid not null,
      type text not null,
      data jsonb not null,
      tries integer not null,
      due_at timestamptz,
      created_at timestamptz not null,
      constraint notices_pkey primary key (organization_id, id)
    )`);
    await runner.query(`create index notices_due on notices (due_at) where due_at is not null`);
    for (const table of ['charges', 'calls', 'codes', 'disputes']) await tenantTable(runner, table);
    await tenantTable(runner, 'notices', { app: ['select', 'insert'], worker: ['select', 'update'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
