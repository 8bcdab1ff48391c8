import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Feedback1763960000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table feedback (
      organization_id uuid not null,
      id uuid not null,
      order_id uuid not null,
      customer_id uuid,
      score integer not null,
      tags jsonb not null,
      words bytea,
      handled_at timestamptz,
      created_at timestamptz not null,
      constraint feedback_pkey primary key (organization_id, id),
      constraint feedback_score check (score between 1 and 5)
    )`);
    // An order is rated once, whoever sends it and however often.
    await runner.query(`create unique index feedback_order on feedback (organization_id, order_id)`);
    await runner.query(`create index feedback_page on feedback (organization_id, created_at, id)`);
    await runner.query(
      `create index feedback_open on feedback (organization_id, created_at, id) where score <= 2 and handled_at is null`,
    );
    await runner.query(
      `create index feedback_customer on feedback (organization_id, customer_id) where customer_id is not null`,
    );
    await tenantTable(runner, 'feedback');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
