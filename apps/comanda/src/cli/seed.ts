import { identity } from '@comanda/identity';
import { connect, databaseUrls } from '@comanda/platform';
import { schemaOf } from '@comanda/service';
import { loadDemo } from '../demo/load-demo.js';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

export interface SeedOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Loads the demo chain into a platform that runs, and prints its key. */
export async function seed({ url, json }: SeedOptions): Promise<void> {
  const home = new Home();
  const baseUrl = url ?? (await home.running())?.baseUrl;
  if (!baseUrl) throw new CommandFailure('No platform runs here: start one with npm start, or say where with --url.');
  if (!URL.canParse(baseUrl)) throw new CommandFailure(`--url: ${baseUrl} is no address.`, 2);
  const progress = new Progress();
  const demo = await withDatabases(home, async (environment) => {
    const database = await connect(databaseUrls('identity', environment).app, {
      name: 'seed',
      entities: schemaOf(identity).entities,
      pool: 1,
    }).initialize();
    return loadDemo({
      home,
      identity: database,
      baseUrl: new URL(baseUrl).origin,
      secret: environment['COMANDA_SECRET'] ?? '',
      progress: (step) => progress.step(step),
    }).finally(() => database.destroy());
  });
  if (json) printJson(demo);
  else print(`Demo key ${demo.apiKey}`);
}
