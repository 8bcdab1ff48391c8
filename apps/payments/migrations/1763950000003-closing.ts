import { currentDatabase, workerRole } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { escapeIdentifier } from 'pg';

/** Authorisations are seen to when their location closes, over all organizations. */
export class Closing1763950000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const worker = escapeIdentifier(workerRole(await currentDatabase(runner)));
    await runner.query(`create policy worker on payments for select to ${worker} using (true)`);
    await runner.query(`grant select on payments to ${worker}`);
    await runner.query(`create index payments_authorized on payments (recorded_at, id) where status = 'authorized'`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
