import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ServerProcessOptions {
  command: string;
  args: readonly string[];
  /** The signal that asks the server to stop. */
  stopSignal: NodeJS.Signals;
  /** The signal for a server that has not stopped `stopWithin` milliseconds (30 s) later. Default: SIGKILL. */
  forceSignal?: NodeJS.Signals;
  stopWithin?: number;
  /** The system user it runs as; only root may name one. */
  user?: { uid: number; gid: number } | undefined;
  folder?: string;
  env?: NodeJS.ProcessEnv;
  /** Receives each line the server writes. */
  log?: ((line: string) => void) | undefined;
}

export interface Ending {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  /** The last forty lines it wrote. */
  lastWords: string;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the server has ended, whoever ended it. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the server to stop and waits until it has. Harmless when it has ended already. */
  stop(): Promise<void>;
}

/**
 * Starts a server as a child of this process. It lives no longer than we do: however this process ends, even by SIGKILL,
 * the server is sent its stop signal. Ctrl-C in a terminal does not reach it: whoever started it stops it, last.
 * Rejects when the command cannot be run at all.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(options.command, options.args, {
    ...options.user,
    cwd: options.folder,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, out of reach of the terminal's Ctrl-C
  });
  const lastWords: string[] = [];
  const hear = (line: string) => {
    if (lastWords.push(line) > 40) lastWords.shift();
    options.log?.(line);
  };
  listen(child.stdout, hear);
  listen(child.stderr, hear);
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code) => resolve({ code, lastWords: lastWords.join('\n') }));
  });
  await once(child, 'spawn');
  child.on('error', () => undefined); // a signal that could not be sent: "ended" tells what became of the server

  const pid = child.pid!;
  const dismissGuard = guard(pid, options.stopSignal);
  void ended.then(dismissGuard);

  return {
    pid,
    ended,
    async stop() {
      child.kill(options.stopSignal);
      const deadline = setTimeout(() => child.kill(options.forceSignal ?? 'SIGKILL'), options.stopWithin ?? 30_000);
      await ended;
      clearTimeout(deadline);
    },
  };
}

/**
 * A shell that waits on a pipe from us. A line means the server is gone and the shell just leaves; the end of the pipe
 * means that we are gone, and it stops the server in our place.
 */
function guard(pid: number, signal: NodeJS.Signals): () => void {
  const shell = spawn('/bin/sh', ['-c', 'read -r gone || kill -s "$1" "$2"', 'guard', signal.slice(3), String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  return () => shell.stdin.end('gone\n');
}

function listen(stream: Readable, hear: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', hear);
}

/** An environment in which nothing of ours reaches a server (`PGPORT`, `LANG`, …): the same start everywhere. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TMPDIR: process.env['TMPDIR'],
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}
