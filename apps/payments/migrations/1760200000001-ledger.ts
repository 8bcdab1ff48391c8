import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The double-entry ledger. Nobody changes it, not even its owner, and what does not sum to zero is not written. */
export class Ledger1760200000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table ledger_transactions (
      organization_id uuid not null,
      id uuid not null,
      kind text not null,
      location_id uuid not null,
      order_id uuid not null,
      payment_id uuid not null,
      refund_id uuid,
      business_date date not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      constraint ledger_transactions_pkey primary key (organization_id, id),
      constraint ledger_transactions_kind check (kind in ('capture', 'refund')),
      constraint ledger_transactions_refund check ((kind = 'refund') = (refund_id is not null))
    )`);
    await runner.query(`create index ledger_transactions_day on ledger_transactions (organization_id, business_date)`);
    await runner.query(`create index ledger_transactions_order on ledger_transactions (organization_id, order_id)`);
    await runner.query(`create index ledger_transactions_payment on ledger_transactions (organization_id, payment_id)`);
    await runner.query(`create table ledger_postings (
      organization_id uuid not null,
      transaction_id uuid not null,
      account text not null,
      currency text not null,
      amount_minor bigint not null,
      constraint ledger_postings_pkey primary key (organization_id, transaction_id, account, currency)
    )`);
    for (const table of ['ledger_transactions', 'ledger_postings'])
      await tenantTable(runner, table, { app: ['select', 'insert'] });
    await mustBalance(runner);
    for (const table of ['ledger_transactions', 'ledger_postings']) await neverChanges(runner, table);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

/**
 * After each statement, not each row: the legs of a transaction are written together. A statement that adds to an old
 * transaction must balance by itself.
 */
async function mustBalance(runner: QueryRunner): Promise<void> {
  await runner.query(`create function ledger_must_balance() returns trigger language plpgsql as $$
    begin
      if exists (
        select from posted group by organization_id, transaction_id, currency having sum(amount_minor) <> 0
      ) then
        raise exception 'The postings of a transaction do not sum to zero.'
          using errcode = 'check_violation', constraint = 'ledger_postings_balance';
      end if;
      return null;
    end $$`);
  await runner.query(`create trigger ledger_postings_balance after insert on ledger_postings
    referencing new table as posted for each statement execute function ledger_must_balance()`);
}

async function neverChanges(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`create or replace function ledger_never_changes() returns trigger language plpgsql as $$
    begin
      raise exception 'The ledger is written once: % is refused.', tg_op using errcode = 'insufficient_privilege';
    end $$`);
  await runner.query(`create trigger ${table}_never_change before update or delete or truncate on ${table}
    for each statement execute function ledger_never_changes()`);
}
