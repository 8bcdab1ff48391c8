import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments whose money a guest's bank asks for. */
export class Disputes1763950000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table disputes (
      organization_id uuid not null,
      id uuid not null,
      payment_id uuid not null,
      order_id uuid not null,
      location_id uuid not null,
      provider_reference text not null,
      status text not null,
      reason text not null,
      currency text not null,
      amount_minor bigint not null,
      of_bill_minor bigint not null,
      of_tip_minor bigint not null,
      provider_fee_minor bigint not null,
      platform_fee_minor bigint not null,
      business_date date not null,
      opened_at timestamptz not null,
      closed_at timestamptz,
      constraint disputes_pkey primary key (organization_id, id),
      constraint disputes_status check (status in ('open', 'won', 'lost')),
      constraint disputes_closed check ((status = 'open') = (closed_at is null))
    )`);
    await runner.query(
      `create unique index disputes_provider_reference on disputes (organization_id, provider_reference)`,
    );
    await runner.query(`create index disputes_payment on disputes (organization_id, payment_id)`);
    await tenantTable(runner, 'disputes');

    await runner.query(
      `alter table payments add column dispute_status text, add column disputed_minor bigint not null default 0`,
    );
    await runner.query(
      `alter table payments add constraint payments_dispute check (dispute_status in ('open', 'won', 'lost'))`,
    );
    await runner.query(`create index payments_provider_reference on payments (organization_id, provider_reference)
      where provider_reference is not null`);
    await runner.query(`alter table ledger_transactions drop constraint ledger_transactions_kind`);
    await runner.query(`alter table ledger_transactions add constraint ledger_transactions_kind
      check (kind in ('capture', 'refund', 'dispute'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
