import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly isRunning: boolean;
  /** Ends it without a word of warning. */
  kill(): Promise<void>;
}

/** Begins one of the project's built programs, which ends by itself. */
export function begin(
  program: string,
  args: readonly string[],
  { env, folder }: { readonly env: NodeJS.ProcessEnv; readonly folder: string },
): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return {
    ended,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
