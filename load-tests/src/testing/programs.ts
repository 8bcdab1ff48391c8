import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a program of this package as its npm script does, once it is built. */
export function startProgram(program: string, args: readonly string[], settings: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  const file = fileURLToPath(new URL(`../../dist/src/${program}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { env: { PATH, HOME, ...settings } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return {
    /** Resolves to all that it printed, and its exit code. */
    ended: once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr })),
    /** Resolves when it has said this on stderr, or has ended. */
    said: (what: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stderr.includes(what) || child.exitCode !== null) resolve();
        };
        child.stderr.on('data', look).on('close', resolve);
        look();
      }),
    interrupt: (): void => void child.kill('SIGINT'),
  };
}
