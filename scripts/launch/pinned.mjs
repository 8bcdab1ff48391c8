import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';

import './follow-parent.mjs';

/**
 * The Node that the lock file pins.
 *
 * @param {string} root
 */
export function pinnedNode(root) {
  return join(root, 'node_modules', 'node', 'bin', 'node');
}

/**
 * Runs a program of the project on the pinned Node, in our place: our terminal, our signals, our end.
 *
 * @param {string} root
 * @param {[file: string, ...args: string[]]} program its file below the root, and its arguments
 * @returns {Promise<number>} its exit code; 128 and the signal's number where a signal ended it
 */
export function runPinned(root, [file, ...args]) {
  const followParent = new URL('./follow-parent.mjs?always', import.meta.url).href;
  // kafkajs sets a timer in the past now and then; it is harmless, and nobody should wonder about it.
  const quietly = '--disable-warning=TimeoutNegativeWarning';
  // What Node has compiled it need not compile again: a third of what a start costs, here and in whatever it starts.
  const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...process.env };
  const child = spawn(pinnedNode(root), [quietly, '--import', followParent, join(root, file), ...args], {
    env,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself, and a second one means "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
