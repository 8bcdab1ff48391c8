import { identity } from '@comanda/identity';
import { loadDemo } from '../demo/load-demo.js';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';
import { withService } from './with-service.js';

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
  const demo = await withService(identity, (database, _log, environment) =>
    loadDemo({
      home,
      identity: database,
      baseUrl: new URL(baseUrl).origin,
      secret: environment['COMANDA_SECRET'] ?? '',
      progress: (step) => progress.step(step),
    }),
  );
  if (json) printJson(demo);
  else print(`Demo key ${demo.apiKey}`);
}
