import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gift cards and house accounts: a balance with a floor, and what moved it. */
export class GuestAccounts1763950000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table guest_accounts (
      organization_id uuid not null,
      id uuid not null,
      kind text not null,
      status text not null,
      name text,
      number_hash text,
      last4 text,
      currency text not null,
      balance_minor bigint not null,
      held_minor bigint not null,
      limit_minor bigint not null,
      expires_on date,
      version integer not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint guest_accounts_pkey primary key (organization_id, id),
      constraint guest_accounts_kind check (kind in ('gift_card', 'house_account')),
      constraint guest_accounts_numbered check ((kind = 'gift_card') = (number_hash is not null)),
      constraint guest_accounts_status check (status in ('active', 'blocked')),
      constraint guest_accounts_floor check (
        balance_minor - held_minor + limit_minor >= 0 and least(held_minor, limit_minor) >= 0)
    )`);
    await runner.query(`create unique index guest_accounts_number on guest_accounts (organization_id, number_hash)`);
    await tenantTable(runner, 'guest_accounts');
    await runner.query(`create table guest_account_entries (
      organization_id uuid not null,
      id uuid not null,
      account_id uuid not null,
      kind text not null,
      amount_minor bigint not null,
      payment_id uuid not null,
      location_id uuid not null,
      business_date date not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      constraint guest_account_entries_pkey primary key (organization_id, id),
      constraint guest_account_entries_kind check (kind in ('load', 'payment', 'payment_refund', 'load_refund'))
    )`);
    await runner.query(`create index guest_account_entries_account
      on guest_account_entries (organization_id, account_id, recorded_at, id)`);
    await tenantTable(runner, 'guest_account_entries', { app: ['select', 'insert'] });

    await runner.query(`alter table bills add column account_id uuid, add column loads text`);
    await runner.query(`alter table payments add column account_id uuid, add column loads text`);
    for (const table of ['bills', 'payments'])
      await runner.query(`alter table ${table} add constraint ${table}_loads
        check (loads is null or (loads in ('gift_card', 'house_account') and account_id is not null))`);
    await runner.query(`alter table payments drop constraint payments_method`);
    await runner.query(`alter table payments add constraint payments_method
      check (method in ('cash', 'card', 'gift_card', 'house_account'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
