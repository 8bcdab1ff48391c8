import { setTimeout as pause } from 'node:timers/promises';
import { Broken } from './broken.js';

/**
 * Waits until something is so.
 * @param within milliseconds that it may take
 * @returns milliseconds that it took
 * @throws Broken saying what did not come, and the last reason
 */
export async function soon(what: string, within: number, isSo: () => Promise<boolean> | boolean): Promise<number> {
  const start = performance.now();
  let reason = '';
  for (;;) {
    try {
      if (await isSo()) return performance.now() - start;
      reason = '';
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() - start > within) throw new Broken(`Not within ${within / 1_000} s: ${what}${reason}`);
    await pause(50);
  }
}
