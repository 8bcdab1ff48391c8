import { createLog } from '@comanda/platform';
import type { Command } from 'commander';
import { Home } from '../platform/home.js';
import { migrateAll, type Migrated } from '../platform/migrate-all.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('make the databases, their roles and the topics, and bring every schema to its newest version')
    .option('--json', 'print what was done as JSON')
    .action(({ json }: { json?: boolean }) => withDatabases(new Home(), (to) => migrateTo(to, json), { make: true }));
}

async function migrateTo(environment: NodeJS.ProcessEnv, json = false): Promise<void> {
  const done: Migrated[] = [];
  await migrateAll(environment, createLog('migrate', 'error'), (each) => done.push(each));
  if (json) printJson(done);
  else
    print(
      table(
        done.map(({ what, ran }) => [what, ran.length === 0 ? 'up to date' : ran.join(', ')]),
        ['database', 'ran now'],
      ),
    );
}
