import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '@comanda/embedded';
import type { SeedResult } from '../scenario/run-seed.js';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.js';

export interface SimulateOptions {
  /** Which seeds are run. */
  readonly seeds: Iterable<number>;
  /** How many side by side; as many as there are cores unless given. */
  readonly workers?: number | undefined;
  /** The name of a rule that is broken on purpose. */
  readonly broken?: string | undefined;
  /** Whether the results say line by line what happened. */
  readonly tell?: boolean | undefined;
  /** Ends the run at the first seed that fails. */
  readonly untilFailure?: boolean | undefined;
  /** Hears of every seed as it ends. */
  readonly onResult?: ((result: SeedResult) => void) | undefined;
}

/** What seeds came to. */
export interface Summary {
  readonly seeds: number;
  readonly failingSeeds: readonly number[];
  /** Requests that clients were answered. */
  readonly operations: number;
  readonly kills: number;
  readonly seconds: number;
}

/**
 * Runs seeds in worker processes, each on databases of its own.
 * @throws EmbeddedPostgresError when there can be no server; an Error when a worker ends by itself
 */
export async function simulate(options: SimulateOptions): Promise<Summary> {
  const began = performance.now();
  const server = await ownServer();
  const failing: number[] = [];
  let [seeds, operations, kills] = [0, 0, 0];
  const left = options.seeds[Symbol.iterator]();
  const note = (result: SeedResult): void => {
    seeds++;
    operations += result.operations;
    kills += result.kills;
    if (result.violations.length > 0) failing.push(result.seed);
    options.onResult?.(result);
  };
  const next = (): number | undefined =>
    options.untilFailure && failing.length > 0 ? undefined : (left.next().value as number | undefined);
  try {
    const { workers = availableParallelism() } = options;
    await Promise.all(Array.from({ length: workers }, (_, at) => work(server.url, at, options, next, note)));
  } finally {
    await server.stop();
  }
  const seconds = Math.round(performance.now() - began) / 1_000;
  return { seeds, failingSeeds: failing.toSorted((one, other) => one - other), operations, kills, seconds };
}

/** One worker, from seed to seed until there are no more. */
function work(
  server: string,
  at: number,
  { broken, tell = false }: SimulateOptions,
  next: () => number | undefined,
  note: (result: SeedResult) => void,
): Promise<void> {
  const options: WorkerOptions = { server, prefix: `sim_${process.pid}_${at}`, tell, broken };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = fork(WORKER, [JSON.stringify(options)], {
    execArgv: ['--disable-warning=DeprecationWarning'], // that a connection is given several statements at once
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  worker.on('message', (message: FromWorker) => {
    if ('failed' in message) return reject(new Error(message.failed));
    if ('result' in message) note(message.result);
    const seed = next();
    if (seed === undefined) return resolve();
    return worker.send({ seed } satisfies ToWorker);
  });
  worker.on('exit', (code) => reject(new Error(`A worker ended by itself, with ${code}.`)));
  return promise.finally(() => end(worker));
}

function end(worker: ChildProcess): Promise<void> {
  worker.removeAllListeners('exit');
  if (worker.exitCode !== null || worker.signalCode !== null) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.once('exit', () => resolve());
  worker.disconnect();
  return promise;
}

/** A server for these seeds alone: what it writes need not last. */
async function ownServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-simulator-'));
  const postgres = await startEmbeddedPostgres({ folder, settings: SETTINGS });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Crashes are simulated, so nothing needs the disk; plans must not change in the middle of a run; who is in a deadlock is ended by us. */
const SETTINGS = {
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  autovacuum: false,
  shared_buffers: '64MB',
  deadlock_timeout: '1h',
};

const WORKER = fileURLToPath(new URL('../worker.js', import.meta.url));
