import { createWriteStream, type WriteStream } from 'node:fs';
import { type ServerProcess, startServerProcess } from '@comanda/embedded';
import { Broken } from '../broken.js';

export interface ServiceProcessOptions {
  readonly name: string;
  /** The built program. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** What it says when it serves. */
  readonly ready: string;
}

/** One of the platform's processes, which can be killed and started again. */
export class ServiceProcess {
  readonly name: string;
  readonly #log: WriteStream;
  #process: ServerProcess | undefined;
  #lastWords = '';

  constructor(private readonly options: ServiceProcessOptions) {
    this.name = options.name;
    this.#log = createWriteStream(`${options.folder}/${options.name}.log`, { flags: 'a' });
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  get pid(): number {
    if (!this.#process) throw new Error(`${this.name} does not run.`);
    return this.#process.pid;
  }

  /** Resolves as soon as it exists; it may take a while until it serves. */
  async launch(): Promise<{ serving: Promise<void> }> {
    const { program, args = [], env, folder, ready } = this.options;
    const serving = Promise.withResolvers<void>();
    const started = await startServerProcess({
      command: process.execPath,
      args: [program, ...args],
      stopSignal: 'SIGTERM',
      env,
      folder,
      log: (line) => {
        this.#log.write(`${line}\n`);
        if (line.includes(ready)) serving.resolve();
      },
    });
    this.#process = started;
    void started.ended.then(({ lastWords }) => {
      if (this.#process === started) this.#process = undefined;
      this.#lastWords = lastWords;
      serving.reject(new Broken(`${this.name} ended before it served:\n${lastWords}`));
    });
    // Who kills it on its way up does not wait for it.
    serving.promise.catch(() => undefined);
    return { serving: serving.promise };
  }

  /** Starts it. Resolves when it serves. */
  async start(): Promise<void> {
    await (
      await this.launch()
    ).serving;
  }

  /** Ends it without a word of warning. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
  }

  /** @returns its exit code, null where a signal ended it, and how long that took */
  async signal(signal: NodeJS.Signals): Promise<{ code: number | null; milliseconds: number }> {
    const running = this.#process;
    if (!running) return { code: null, milliseconds: 0 };
    const start = performance.now();
    process.kill(running.pid, signal);
    const { code } = await running.ended;
    return { code, milliseconds: performance.now() - start };
  }

  /** Asks it to stop, as an orchestrator does. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** What it said last before it ended. */
  get lastWords(): string {
    return this.#lastWords;
  }

  close(): void {
    this.#log.end();
  }
}
