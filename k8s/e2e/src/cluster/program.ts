import { execFile } from 'node:child_process';
import { CannotRun } from '@comanda/faults/broken';

/** A program that did not do what it was asked; the message is what it said. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface Calling {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where it may go on saying how far it is. */
  readonly folder?: string;
}

/**
 * Runs a program to its end.
 * @returns what it printed
 * @throws Refused with its last words when it fails; CannotRun when there is no such program
 */
export function call(program: string, args: readonly string[], { input, env, folder }: Calling = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, cwd: folder, maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      if (error.code === 'ENOENT' && error.syscall?.startsWith('spawn'))
        return reject(new CannotRun(`There is no ${program}: install it, or put it on the PATH.`));
      reject(new Refused((stderr.trim() || stdout.trim() || error.message).split('\n').slice(-12).join('\n')));
    });
    child.stdin?.on('error', () => undefined); // who ends early reads nothing
    child.stdin?.end(input ?? '');
  });
}
