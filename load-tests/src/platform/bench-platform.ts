import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, isEmpty } from '@comanda/invariants';
import { BenchFailure, EXIT } from '../failure.js';
import type { BenchPostgres } from './postgres.js';
import { type Followers, openFollowers } from './followers.js';

export interface BenchPlatformOptions {
  /** What it is called in the run: its state is in a folder, its data in databases of this name. */
  readonly name: string;
  readonly folder: string;
  readonly postgres: Pick<BenchPostgres, 'url' | 'prefix'>;
  readonly settings?: NodeJS.ProcessEnv;
  /** Lets a profiler in. */
  readonly inspect?: boolean;
}

/** What of `demo.json` is of use here. */
export interface Demo {
  readonly baseUrl: string;
  readonly organizationId: string;
  readonly apiKey: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
}

/** The whole platform, as `npm start` runs it: one process of its own, started from what was built. */
export class BenchPlatform {
  #stopped: Promise<void> | undefined;

  private constructor(
    readonly demo: Demo,
    /** The name that its databases begin with. */
    readonly prefix: string,
    /** Where its profiler listens, if it was let in. */
    readonly inspector: string | undefined,
    readonly environment: NodeJS.ProcessEnv,
    private readonly process: ChildProcess,
    private readonly followers: Followers,
  ) {}

  /** @throws BenchFailure with what the platform said, when it does not start */
  static async start({
    name,
    folder,
    postgres,
    settings = {},
    inspect = false,
  }: BenchPlatformOptions): Promise<BenchPlatform> {
    const home = join(folder, name);
    const prefix = `${postgres.prefix}${name}_`;
    const secret = randomBytes(32).toString('base64url');
    await mkdir(home, { recursive: true });
    const { PATH, HOME, LANG, NODE_COMPILE_CACHE } = process.env;
    const ours = { PATH, HOME, LANG, NODE_COMPILE_CACHE, COMANDA_HOME: home, COMANDA_SECRET: secret };
    const environment = { ...ours, DATABASE_URL: postgres.url, DATABASE_PREFIX: prefix, PORT: '0', ...settings };
    const child = spawn(process.execPath, [...(inspect ? ['--inspect=127.0.0.1:0'] : []), MAIN, 'start'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = await untilItRuns(child);
    const demo = JSON.parse(await readFile(join(home, 'demo.json'), 'utf8')) as Demo;
    const inspector = /ws:\/\/\S+/.exec(said)?.[0];
    return new BenchPlatform(demo, prefix, inspector, environment, child, openFollowers(environment));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The URL of one of its databases, as the administrator. */
  databaseUrl(service: string): string {
    const url = new URL(this.environment['DATABASE_URL'] ?? '');
    url.pathname = `/${this.prefix}${service}`;
    return url.href;
  }

  /**
   * Waits until every consumer has followed.
   * @returns the seconds that it took
   * @throws BenchFailure naming what still waits when the time is up
   */
  async followed(within = 900): Promise<number> {
    const since = performance.now();
    const backlog = await this.followers.caughtUp(within * 1000);
    const seconds = (performance.now() - since) / 1000;
    if (!isEmpty(backlog))
      throw new BenchFailure(
        `After ${within} seconds the platform has not caught up: ${JSON.stringify(backlog)}.`,
        EXIT.wrong,
      );
    return seconds;
  }

  /**
   * Looks at every invariant, as `npm run audit` does.
   * @throws BenchFailure naming those that do not hold
   */
  async audit(): Promise<void> {
    const broken = (await this.findings()).filter(({ holds, examined }) => !holds && examined > 0);
    if (broken.length === 0) return;
    throw new BenchFailure(`After the load ${broken.map(({ id }) => id).join(', ')} does not hold.`, EXIT.wrong);
  }

  /**
   * Looks at every invariant, as `npm run audit` does.
   * @returns what was found of each; what found no rows proves nothing, and says nothing against it
   * @throws BenchFailure where it could not be looked
   */
  async findings(): Promise<readonly Finding[]> {
    const child = spawn(process.execPath, [MAIN, 'audit', '--json'], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [found, complaint] = ['', ''];
    child.stdout.on('data', (chunk) => (found += String(chunk)));
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    await once(child, 'close');
    if (found === '') throw new BenchFailure(`The audit did not run: ${complaint.trim()}`, EXIT.wrong);
    return (JSON.parse(found) as { findings: Finding[] }).findings;
  }

  /** Stops it as Ctrl-C does. Harmless when repeated. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    await this.followers.close();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGINT');
    await once(this.process, 'exit');
  }
}

/** Resolves to all that it said. */
async function untilItRuns(child: ChildProcess): Promise<string> {
  let said = '';
  const running = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('Comanda is running.')) resolve();
      });
  });
  await Promise.race([running, once(child, 'close')]);
  if (child.exitCode !== null) throw new BenchFailure(`The platform did not start: ${said.trim()}`);
  return said;
}

const MAIN = fileURLToPath(import.meta.resolve('@comanda/comanda/main'));
