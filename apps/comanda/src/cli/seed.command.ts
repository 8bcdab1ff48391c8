import { identity } from '@comanda/identity';
import { connect, databaseUrls } from '@comanda/platform';
import { schemaOf } from '@comanda/service';
import type { Command } from 'commander';
import { loadDemo } from '../demo/load-demo.js';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';
import { runningPlatform, withDatabases } from './with-databases.js';

interface SeedOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** The demo chain, on a platform that runs. */
export function seedCommand(program: Command): void {
  program
    .command('seed')
    .description('load the demo chain into a running platform; harmless to repeat')
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--json', 'print the demo as JSON')
    .action(seed);
}

async function seed({ url, json }: SeedOptions): Promise<void> {
  const home = new Home();
  const baseUrl = url ?? (await runningPlatform(home))?.baseUrl;
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
