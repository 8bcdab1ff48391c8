import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody has to look at, and the cards that were declined after a till had taken them. */
export class Tasks1763950000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table payment_tasks (
      organization_id uuid not null,
      id uuid not null,
      kind text not null,
      location_id uuid not null,
      order_id uuid not null,
      check_id uuid not null,
      payment_id uuid not null,
      subject_id uuid not null,
      currency text not null,
      amount_minor bigint not null,
      due_at timestamptz,
      raised_at timestamptz not null,
      done_at timestamptz,
      done_by text,
      constraint payment_tasks_pkey primary key (organization_id, id),
      constraint payment_tasks_kind check (
        kind in ('late_decline', 'unknown_outcome', 'authorization_open', 'authorization_expiring', 'dispute'))
    )`);
    await runner.query(
      `create unique index payment_tasks_subject on payment_tasks (organization_id, kind, subject_id)`,
    );
    await tenantTable(runner, 'payment_tasks');
    await runner.query(`create index payments_late_declines on payments (organization_id, occurred_at, id)
      where offline and status = 'declined'`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
