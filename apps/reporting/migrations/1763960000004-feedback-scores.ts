import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What guests thought of orders. */
export class FeedbackScores1763960000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table feedback_scores (
      organization_id uuid not null,
      feedback_id uuid not null,
      version integer not null,
      order_id uuid not null,
      score integer not null,
      constraint feedback_scores_pkey primary key (organization_id, feedback_id)
    )`);
    await runner.query(`create index feedback_scores_order on feedback_scores (organization_id, order_id)`);
    await tenantTable(runner, 'feedback_scores', { app: ['select', 'insert', 'update', 'delete'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
