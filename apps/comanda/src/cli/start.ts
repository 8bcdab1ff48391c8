import { stopTracing } from '@comanda/platform';
import { DataSource } from 'typeorm';
import { loadDemo } from '../demo/load-demo.js';
import { openDatabases } from '../platform/databases.js';
import { Home } from '../platform/home.js';
import { type Platform, startPlatform } from '../platform/platform.js';
import { CommandFailure } from './failure.js';
import { print, Progress } from './output.js';

/** Runs the platform until it is asked to stop, and loads the demo chain if that is wanted and not there yet. */
export async function start(withDemo: boolean): Promise<void> {
  const home = new Home();
  const progress = new Progress();
  const port = portOf(process.env['PORT']);
  const stopped = signalled();
  progress.step('starting the database');
  const databases = await openDatabases(home, process.env, (step) => progress.step(step));
  let platform: Platform | undefined;
  try {
    const { environment, embedded } = databases;
    platform = await startPlatform({ environment, port, progress: (step) => progress.step(step) });
    const baseUrl = `http://localhost:${platform.port}`;
    await home.runtime.write({ pid: process.pid, baseUrl, environment: infrastructureOf(environment) });
    const identity = platform.services.get('identity')?.app.get(DataSource);
    const secret = environment['COMANDA_SECRET'] ?? '';
    if (withDemo && identity)
      await loadDemo({ home, identity, baseUrl, secret, progress: (step) => progress.step(step) });
    progress.done();
    await greet(home, baseUrl);
    await Promise.race([stopped, ...(embedded ? [embedded.ended.then(databaseGone)] : [])]);
    progress.step('stopping');
  } finally {
    await home.runtime.remove();
    await platform?.stop();
    await databases.embedded?.stop();
    await stopTracing();
  }
}

/** Whoever looks after the process starts it again: that is no clean end. */
function databaseGone(): never {
  throw new CommandFailure(
    'PostgreSQL has ended by itself, or somebody ended it: start again, nothing that was accepted is lost.',
  );
}

async function greet(home: Home, baseUrl: string): Promise<void> {
  const demo = await home.demo.read();
  print(`
Comanda is running.

  API         ${baseUrl}
  Docs        ${baseUrl}/docs
  Health      ${baseUrl}/health/ready
  Metrics     ${baseUrl}/metrics
  State       ${home.folder}
`);
  if (!demo) return;
  print(`  Demo key    ${demo.apiKey}
  Locations   ${demo.locations.map(({ name }) => name).join(', ')}

Try:

  curl -s ${baseUrl}/v1/catalog/locations/${demo.locations[0]?.id ?? ''}/menu/metadata -H "Authorization: Bearer ${demo.apiKey}"

Then place a year of orders: npm run replay. Stop with Ctrl-C.`);
}

/** The settings that say where databases and broker are. */
function infrastructureOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = Object.entries(environment).filter(([name]) =>
    /^(?:\w+_)?DATABASE_URL$|^DATABASE_PREFIX$|^KAFKA_BROKERS$|^REDIS_URL$/.test(name),
  );
  return Object.fromEntries(named.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function portOf(text: string | undefined): number {
  if (!text) return 8080;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandFailure('PORT must be a whole number between 0 and 65535.');
  return port;
}

/** Ctrl-C, or the end of whoever started us: npm does not pass its own end on. */
const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
