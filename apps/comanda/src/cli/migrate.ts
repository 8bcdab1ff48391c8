import { createLog } from '@comanda/platform';
import { Home } from '../platform/home.js';
import { migrateAll, type Migrated } from '../platform/migrate-all.js';
import { print, printJson, table } from './output.js';
import { withDatabases } from './with-databases.js';

/** Brings everything to its newest version, making what there is not, and prints what it did. */
export async function migrateHere(json = false): Promise<void> {
  const done: Migrated[] = [];
  const log = createLog('migrate', 'error');
  await withDatabases(new Home(), (environment) => migrateAll(environment, log, (each) => done.push(each)), {
    make: true,
  });
  if (json) printJson(done);
  else
    print(
      table(
        done.map(({ what, ran }) => [what, ran.length === 0 ? 'up to date' : ran.join(', ')]),
        ['database', 'ran now'],
      ),
    );
}
