import { backOff, type Logger, pause } from '../waiting.js';
import type { ConsumeOptions, StoredRecord } from './event-log.js';

/**
 * Hands a slice to its consumer until it has been taken, with a back-off between the tries. Nothing comes before it is:
 * that is the back-pressure.
 * @returns false when the signal ended the tries first
 */
export async function deliver(
  slice: readonly StoredRecord[],
  { group, onSlice }: ConsumeOptions,
  signal: AbortSignal,
  logger: Logger,
): Promise<boolean> {
  for (let tries = 1; !signal.aborted; tries++) {
    try {
      await onSlice(slice, signal);
      return true;
    } catch (err) {
      if (signal.aborted) break;
      const wait = backOff(tries);
      logger.warn({ err, group, records: slice.length, tries, wait }, 'a slice could not be handled; it comes again');
      await pause(wait, signal);
    }
  }
  return false;
}
