import { stopTracing } from '@comanda/platform';
import { DataSource } from 'typeorm';
import { loadDemo } from '../demo/load-demo.js';
import { RecentErrors } from '../doctor/recent-errors.js';
import { openDatabases } from '../platform/databases.js';
import { bundledRules, mustHavePrometheus, type Prometheus, startPrometheus } from '../observe/prometheus.js';
import { Home } from '../platform/home.js';
import { type Platform, startPlatform } from '../platform/platform.js';
import { CommandFailure } from './failure.js';
import { complain, print, Progress } from './output.js';

export interface StartOptions {
  /** Whether the demo chain is loaded if it is not there yet. */
  readonly demo: boolean;
  /** Whether Prometheus is started beside it, and on which port if it matters. */
  readonly observe?: true | number;
}

/** Runs the platform until it is asked to stop. */
export async function start({ demo, observe }: StartOptions): Promise<void> {
  if (observe) mustHavePrometheus();
  const home = new Home();
  const progress = new Progress();
  const port = portOf(process.env['PORT']);
  const stopped = signalled();
  progress.step('starting the database');
  const databases = await openDatabases(home, process.env, (step) => progress.step(step));
  let platform: Platform | undefined;
  let prometheus: Prometheus | undefined;
  let stopping = false;
  try {
    const { environment, embedded } = databases;
    platform = await startPlatform({
      environment,
      port,
      progress: (step) => progress.step(step),
      errors: new RecentErrors(home),
    });
    const baseUrl = `http://localhost:${platform.port}`;
    await home.runtime.write({ pid: process.pid, baseUrl, environment: infrastructureOf(environment) });
    const identity = platform.services.get('identity')?.app.get(DataSource);
    const secret = environment['COMANDA_SECRET'] ?? '';
    if (demo && identity) await loadDemo({ home, identity, baseUrl, secret, progress: (step) => progress.step(step) });
    if (observe) {
      progress.step('starting Prometheus');
      prometheus = await startPrometheus({
        folder: home.prometheus,
        target: `localhost:${platform.port}`,
        rules: await bundledRules(),
        port: observe === true ? undefined : observe,
      });
      void prometheus.ended.then(
        () => stopping || complain('Prometheus has ended by itself; the platform goes on without it.'),
      );
    }
    progress.done();
    await greet(home, baseUrl, prometheus);
    await Promise.race([stopped, ...(embedded ? [embedded.ended.then(databaseGone)] : [])]);
    progress.step('stopping');
  } finally {
    stopping = true;
    await prometheus?.stop();
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

async function greet(home: Home, baseUrl: string, prometheus: Prometheus | undefined): Promise<void> {
  const demo = await home.demo.read();
  print(`
Comanda is running.

  API         ${baseUrl}
  Docs        ${baseUrl}/docs
  Health      ${baseUrl}/health/ready
  Status      ${baseUrl}/status
  Metrics     ${baseUrl}/metrics
  State       ${home.folder}
`);
  if (prometheus)
    print(`  Prometheus  ${prometheus.url}
  Alerts      ${prometheus.url}/alerts
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
    /^(?:\w+_)?DATABASE_URL$|^DATABASE_PREFIX$|^KAFKA_(?:BROKERS|TLS|CA|USERNAME|PASSWORD)$|^REDIS_URL$/.test(name),
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
