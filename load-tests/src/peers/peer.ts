import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@comanda/embedded';
import { BenchFailure } from '../failure.js';
import type { BenchPostgres } from '../platform/postgres.js';

/** What a user would pick instead: how it is set up, and how a complete order is placed there. */
export interface PeerRecipe {
  readonly name: string;
  /** Options of `npm install`. */
  readonly install: readonly string[];
  /** Programs that make the tables and the shop, each with its arguments, run by Node. */
  readonly prepare: readonly (readonly string[])[];
  readonly serve: readonly string[];
  /** What the server prints, or answers at `ready`, when it can be used. */
  readonly ready: string;
  /** Opens a client. Each call of the function that it returns places and pays an order, as a guest of its own. */
  readonly open: (baseUrl: string, folder: string, clients: number) => Promise<PeerClient>;
}

export interface PeerClient {
  complete(client: number): Promise<void>;
  close(): Promise<void>;
}

/** A peer's server, which runs. */
export interface RunningPeer {
  readonly pid: number;
  readonly database: string;
  readonly baseUrl: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Installs a peer in a folder of its own, makes its database on the server and starts it.
 * @throws BenchFailure with the last words of what went wrong
 */
export async function startPeer(
  recipe: PeerRecipe,
  { folder, postgres, progress }: { folder: string; postgres: BenchPostgres; progress: (step: string) => void },
): Promise<RunningPeer> {
  await cp(
    fileURLToPath(import.meta.resolve(`@comanda/load-tests/peers/${recipe.name}/package.json`)).replace(
      /package\.json$/,
      '',
    ),
    folder,
    { recursive: true },
  );
  const url = await postgres.createDatabase(recipe.name);
  const port = await freePort();
  const { PATH, HOME, LANG } = process.env;
  const env = { PATH, HOME, LANG, DATABASE_URL: url, PORT: String(port), NODE_ENV: 'production' };
  const tools = { cwd: folder, env };
  progress(`${recipe.name}: installing`);
  await finish('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...recipe.install], tools);
  for (const step of recipe.prepare) {
    progress(`${recipe.name}: ${step.join(' ')}`);
    await finish(process.execPath, step, tools);
  }
  progress(`${recipe.name}: starting`);
  const child = spawn(process.execPath, recipe.serve, { ...tools, stdio: ['ignore', 'pipe', 'pipe'] });
  await untilItSays(child, recipe.ready).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    database: new URL(url).pathname.slice(1),
    baseUrl: `http://127.0.0.1:${port}`,
    folder,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await once(child, 'exit');
      clearTimeout(forced);
    },
  };
}

async function finish(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: FINISH_WITHIN });
  const said = lastWordsOf(child);
  // Whoever interrupts the bench wants nothing of it to go on.
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.off('exit', kill);
  const why = signal === null ? said() : `it was ended by ${signal}, after ${FINISH_WITHIN / 60_000} minutes at most`;
  if (code !== 0) throw new BenchFailure(`${command} ${args.join(' ')} failed in ${options.cwd}: ${why}`);
}

/** Milliseconds. A registry that does not answer is tried for a long time. */
const FINISH_WITHIN = 10 * 60_000;

async function untilItSays(child: ChildProcess, words: string): Promise<void> {
  const said = lastWordsOf(child);
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => {
      if (said().includes(words)) resolve();
    });
  });
  const patience = new AbortController();
  const slow = pause(START_WITHIN, 'slow' as const, { signal: patience.signal, ref: false }).catch(
    () => 'slow' as const,
  );
  const first = await Promise.race([ready, once(child, 'close'), slow]);
  patience.abort();
  if (first === 'slow' || child.exitCode !== null) throw new BenchFailure(`Its server did not start: ${said()}`);
}

/** Milliseconds. */
const START_WITHIN = 300_000;

/** The end of what a process says, on either stream. */
function lastWordsOf(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (said = (said + String(chunk)).slice(-4_000)));
  return () => said.trim();
}
