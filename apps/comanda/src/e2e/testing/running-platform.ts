import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@comanda/contracts';
import { eventually } from '@comanda/testing';
import pg from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { type Demo, Home } from '../../platform/home.js';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on. */
export interface Following {
  /** What it has printed so far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  /** Ends it as Ctrl-C does. Resolves to its exit code. */
  interrupt(): Promise<number | null>;
}

/** A home folder of a platform, and the processes that a user would start in it: the built ones. */
export class PlatformUnderTest {
  #running: ChildProcess | undefined;
  #said = '';

  private constructor(
    readonly folder: string,
    private readonly settings: NodeJS.ProcessEnv,
  ) {}

  /** `settings` are added to the environment of every process. Everything is stopped and removed after the tests of the file. */
  static async create(settings: NodeJS.ProcessEnv = {}): Promise<PlatformUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'comanda-e2e-'));
    // As root PostgreSQL runs as a user of its own, who must be able to enter.
    await chmod(folder, 0o755);
    const platform = new PlatformUnderTest(folder, { PORT: '0', ...settings });
    platforms.push(platform);
    return platform;
  }

  get #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG, NODE_COMPILE_CACHE } = process.env;
    return { PATH, HOME, LANG, NODE_COMPILE_CACHE, COMANDA_HOME: join(this.folder, '.comanda'), ...this.settings };
  }

  /** Starts the platform as `npm start` does, `also` with these settings, and waits until it says that it runs. Resolves to the demo. */
  async start(also: NodeJS.ProcessEnv = {}): Promise<Demo> {
    await this.#begin([], also);
    const demo = await this.home.demo.read();
    if (!demo) throw new Error('There is no demo.json.');
    return demo;
  }

  /** Starts the platform with options of `start`, and waits until it says that it runs. */
  begin(...options: string[]): Promise<void> {
    return this.#begin(options, {});
  }

  async #begin(options: readonly string[], also: NodeJS.ProcessEnv): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'start', ...options], {
      cwd: this.folder,
      env: { ...this.#environment, ...also },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running = child;
    this.#said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The platform ended with ${String(code)}:\n${this.#said}`);
    });
    const running = eventually(
      () => {
        if (!this.#said.includes('Comanda is running.'))
          throw new Error(`The platform does not say that it runs:\n${this.#said}`);
      },
      { within: 120_000 },
    );
    await Promise.race([running, ended]);
    ended.catch(() => undefined);
    running.catch(() => undefined);
  }

  /** What the platform has printed since it was started. */
  get said(): string {
    return this.#said;
  }

  get home(): Home {
    return new Home(this.#environment);
  }

  /** Stops the platform as Ctrl-C does. Resolves to its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.#running?.exitCode === null) this.#running.kill(signal);
    return this.ended();
  }

  /** Resolves to the exit code of the platform, once it has ended. */
  async ended(): Promise<number | null> {
    const child = this.#running;
    if (child?.exitCode === null) await once(child, 'exit');
    return child?.exitCode ?? null;
  }

  /** Runs a command of the command line to its end. */
  async run(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'close');
    return { code: child.exitCode, stdout, stderr };
  }

  /** Begins a command that goes on until it is interrupted. */
  follow(...args: string[]): Following {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    const interrupt = async (): Promise<number | null> => {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'close');
      return child.exitCode;
    };
    return { said, interrupt };
  }

  /** The administrator's connection to a service's database, or the event log's, for the test that is running. */
  async sql(service: ServiceName | 'log'): Promise<pg.Client> {
    const url = new URL((await this.home.runtime.read())?.environment['DATABASE_URL'] ?? '');
    url.pathname = `/comanda_${service}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  }

  async remove(): Promise<void> {
    await this.stop('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }
}

const MAIN = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));

const platforms: PlatformUnderTest[] = [];

afterAll(async () => {
  for (const platform of platforms.splice(0)) await platform.remove();
}, 60_000);

/** What a command complained of, without the steps that it showed on the way. A stack trace would be several lines. */
export function complaintsIn({ stderr }: Pick<Ended, 'stderr'>): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^ {2,}\d+ s {2}/.test(line));
}

/** The last JSON object that a command printed. */
export function summaryIn({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, unknown>;
}
