import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Home } from '../platform/home.js';

/** A platform in a folder of its own, run by the very programs that an operator runs. */
export class Household {
  readonly home: Home;
  readonly #children = new Set<ChildProcess>();

  constructor(readonly folder: string) {
    this.home = new Home({ COMANDA_HOME: folder });
  }

  /** Starts it, and waits until it says that it runs. @throws Error with what it said, when it ends before */
  async start(): Promise<void> {
    const child = this.#spawn('start');
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('Comanda is running.')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => reject(new Error(`A platform ended with ${code}:\n${said}`)));
    });
  }

  /** Begins a command that goes on until the household burns down or is stopped. */
  begin(...args: string[]): void {
    const child = this.#spawn(...args);
    child.stdout?.resume();
    child.stderr?.resume();
  }

  /** Runs a command that prints JSON, whatever it ends with. @throws Error with what it complained of, when it printed none */
  async ask<T>(...args: string[]): Promise<T> {
    const child = this.#spawn(...args, '--json');
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'close');
    if (!stdout) throw new Error(`comanda ${args.join(' ')} ended with ${child.exitCode}: ${stderr.trim()}`);
    return JSON.parse(stdout) as T;
  }

  /** What happens when the power fails: every process of it is gone, the database server first. */
  async burnDown(): Promise<void> {
    const pidFile = await readFile(join(this.home.postgres, 'data', 'postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
    await this.#end('SIGKILL');
  }

  /** Stops it as Ctrl-C does. */
  stop(): Promise<void> {
    return this.#end('SIGINT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(
      [...this.#children].map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }),
    );
    this.#children.clear();
  }

  /** Nothing of the operator's own platform is in its environment. */
  #spawn(...args: string[]): ChildProcess {
    const { PATH, HOME, LANG, TMPDIR, NODE_COMPILE_CACHE } = process.env;
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH, HOME, LANG, TMPDIR, NODE_COMPILE_CACHE, COMANDA_HOME: this.folder, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
