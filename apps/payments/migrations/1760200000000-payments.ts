import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bills, payments, refunds, and what was asked of the provider about them. */
export class Payments1760200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table bills (
      organization_id uuid not null,
      check_id uuid not null,
      order_id uuid not null,
      location_id uuid not null,
      version integer not null,
      business_date date,
      currency text not null,
      total_minor bigint not null,
      tax_minor bigint not null,
      settled_minor bigint not null default 0,
      refunded_minor bigint not null default 0,
      forgiven_minor bigint not null default 0,
      pending_minor bigint not null default 0,
      authorized_minor bigint not null default 0,
      taxed_minor bigint not null default 0,
      constraint bills_pkey primary key (organization_id, check_id),
      constraint bills_amounts check (
        least(total_minor, tax_minor, settled_minor, refunded_minor, forgiven_minor, pending_minor, authorized_minor) >= 0),
      constraint bills_refunded check (refunded_minor <= settled_minor)
    )`);
    await tenantTable(runner, 'bills');

    await runner.query(`create table payments (
      organization_id uuid not null,
      id uuid not null,
      location_id uuid not null,
      order_id uuid not null,
      check_id uuid not null,
      method text not null,
      status text not null,
      currency text not null,
      amount_minor bigint not null,
      rounding_minor bigint not null,
      tip_minor bigint not null,
      tendered_minor bigint,
      change_minor bigint,
      tax_minor bigint not null,
      fee_minor bigint not null,
      authorized_minor bigint not null,
      tip_allowance_minor bigint not null,
      refunded_minor bigint not null,
      refunded_tip_minor bigint not null,
      refunding_minor bigint not null,
      refunding_tip_minor bigint not null,
      card_brand text,
      card_last4 text,
      provider_reference text,
      decline_code text,
      offline boolean not null,
      business_date date not null,
      taken_by text not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      version integer not null,
      constraint payments_pkey primary key (organization_id, id),
      constraint payments_method check (method in ('cash', 'card')),
      constraint payments_status check (status in ('pending', 'authorized', 'captured', 'declined', 'voided', 'unknown')),
      constraint payments_amounts check (
        least(amount_minor, amount_minor + rounding_minor, tip_minor, fee_minor, tendered_minor, change_minor) >= 0),
      constraint payments_refunds check (
        least(refunded_minor, refunded_tip_minor, refunding_minor, refunding_tip_minor) >= 0),
      constraint payments_refunded check (
        refunded_minor + refunding_minor <= amount_minor and refunded_tip_minor + refunding_tip_minor <= tip_minor)
    )`);
    await runner.query(`create index payments_page on payments (organization_id, occurred_at, id)`);
    await runner.query(`create index payments_day on payments (organization_id, location_id, business_date)`);
    await runner.query(`create index payments_order on payments (organization_id, order_id)`);
    await runner.query(`create index payments_check on payments (organization_id, check_id)`);
    await tenantTable(runner, 'payments');

    await runner.query(`create table refunds (
      organization_id uuid not null,
      id uuid not null,
      payment_id uuid not null,
      status text not null,
      currency text not null,
      amount_minor bigint not null,
      tip_minor bigint not null,
      rounding_minor bigint not null,
      fee_minor bigint not null,
      tax_minor bigint not null,
      reason text not null,
      decline_code text,
      business_date date not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null,
      constraint refunds_pkey primary key (organization_id, id),
      constraint refunds_status check (status in ('pending', 'succeeded', 'failed', 'unknown')),
      constraint refunds_amounts check (least(amount_minor, tip_minor, amount_minor + rounding_minor, fee_minor) >= 0)
    )`);
    await runner.query(`create index refunds_payment on refunds (organization_id, payment_id, recorded_at, id)`);
    await tenantTable(runner, 'refunds');

    await runner.query(`create table payment_attempts (
      organization_id uuid not null,
      id uuid not null,
      payment_id uuid not null,
      check_id uuid not null,
      location_id uuid not null,
      refund_id uuid,
      kind text not null,
      status text not null,
      amount_minor bigint not null,
      tip_minor bigint not null,
      business_date date not null,
      occurred_at timestamptz not null,
      route text not null,
      key text not null,
      looks integer not null,
      next_look_at timestamptz not null,
      decline_code text,
      created_at timestamptz not null,
      constraint payment_attempts_pkey primary key (organization_id, id),
      constraint payment_attempts_kind check (kind in ('charge', 'authorize', 'capture', 'void', 'refund')),
      constraint payment_attempts_status check (status in ('pending', 'unknown', 'approved', 'declined', 'lost')),
      constraint payment_attempts_refund check ((kind = 'refund') = (refund_id is not null))
    )`);
    await runner.query(`create unique index payment_attempts_key on payment_attempts (organization_id, route, key)`);
    // One step of a payment at a time; refunds may go side by side, each holding what it gives back.
    await runner.query(`create unique index payment_attempts_open on payment_attempts (organization_id, payment_id)
      where kind <> 'refund' and status in ('pending', 'unknown')`);
    await runner.query(`create index payment_attempts_due on payment_attempts (next_look_at)
      where status in ('pending', 'unknown')`);
    await tenantTable(runner, 'payment_attempts', { worker: ['select', 'update'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
