import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';

export type Privilege = 'select' | 'insert' | 'update' | 'delete';

/** The log-in roles of a service's database; the owner, who migrates, is not one of them. */
export const appRole = (database: string): string => `${database}_app`;
export const workerRole = (database: string): string => `${database}_worker`;
/** Reads everything and writes nothing: for `comanda audit`. */
export const auditorRole = (database: string): string => `${database}_auditor`;

/**
 * Makes a table a tenant's: forced row security by `organization_id`, so that even a forgotten `where`
 * shows nobody another organization's row, and with no organization set shows nothing at all.
 * `worker` opens the table to the worker role over all organizations (outbox, inbox, keys, sweeps).
 */
export async function tenantTable(
  runner: QueryRunner,
  table: string,
  { app = ['select', 'insert', 'update'], worker = [] }: { app?: Privilege[]; worker?: Privilege[] } = {},
): Promise<void> {
  const database = await currentDatabase(runner);
  const [on, byApp, byWorker, byAuditor] = [table, appRole(database), workerRole(database), auditorRole(database)].map(
    escapeIdentifier,
  );
  await runner.query(`alter table ${on} enable row level security`);
  await runner.query(`alter table ${on} force row level security`);
  await runner.query(`create policy organization on ${on} to ${byApp}
    using (organization_id = nullif(current_setting('app.organization', true), '')::uuid)
    with check (organization_id = nullif(current_setting('app.organization', true), '')::uuid)`);
  await runner.query(`grant ${app.join(', ')} on ${on} to ${byApp}`);
  await runner.query(`create policy auditor on ${on} for select to ${byAuditor} using (true)`);
  await runner.query(`grant select on ${on} to ${byAuditor}`);
  if (worker.length === 0) return;
  await runner.query(`create policy worker on ${on} to ${byWorker} using (true) with check (true)`);
  await runner.query(`grant ${worker.join(', ')} on ${on} to ${byWorker}`);
}

/** The database a migration runs in; roles are named after it. */
export async function currentDatabase(runner: QueryRunner): Promise<string> {
  const [row] = (await runner.query('select current_database() as name')) as [{ name: string }];
  return row.name;
}
