import { currentDatabase, workerRole } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { escapeIdentifier } from 'pg';

/** What was posted within the last minute is watched, over all organizations. */
export class WatchedLedger1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const worker = escapeIdentifier(workerRole(await currentDatabase(runner)));
    for (const table of ['ledger_transactions', 'ledger_postings']) {
      await runner.query(`create policy worker on ${table} for select to ${worker} using (true)`);
      await runner.query(`grant select on ${table} to ${worker}`);
    }
    // Rows lie in the order in which they were recorded: a page of this index stands for thousands of them.
    await runner.query(
      `create index ledger_transactions_recorded on ledger_transactions using brin (recorded_at) with (autosummarize = on)`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
