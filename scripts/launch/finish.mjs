import { spawn } from 'node:child_process';

import { Failure } from './failure.mjs';

/**
 * Runs a command to its end, silently.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number | null, output: string }>} all it wrote, in the order it came
 */
export function finish(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => reject(new Failure(`${command} could not be run (${error.message}).`)));
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}
