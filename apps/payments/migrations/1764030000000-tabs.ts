import { currentDatabase, workerRole } from '@comanda/platform';
import { escapeIdentifier } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cards that hold for tabs, and are asked for more as these grow. */
export class Tabs1764030000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table payments add column hold_minor bigint, add constraint payments_hold check (hold_minor > 0)`,
    );
    await runner.query(`create index payments_holding on payments (organization_id, check_id)
      where status = 'authorized' and hold_minor is not null`);

    await runner.query(`alter table payment_attempts drop constraint payment_attempts_kind`);
    await runner.query(`alter table payment_attempts add constraint payment_attempts_kind check (
      kind in ('charge', 'authorize', 'increment', 'capture', 'void', 'refund'))`);
    await runner.query(`create index payment_attempts_increments on payment_attempts (organization_id, payment_id)
      where kind = 'increment'`);

    await runner.query(`alter table payment_tasks drop constraint payment_tasks_kind`);
    await runner.query(`alter table payment_tasks add constraint payment_tasks_kind check (
      kind in ('late_decline', 'unknown_outcome', 'authorization_open', 'authorization_expiring', 'dispute', 'paid_late', 'tab_outgrown'))`);

    // The sweeper finds tabs that have grown over all organizations.
    const worker = escapeIdentifier(workerRole(await currentDatabase(runner)));
    await runner.query(`create policy worker on bills for select to ${worker} using (true)`);
    await runner.query(`grant select on bills to ${worker}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
