import { setTimeout as pause } from 'node:timers/promises';

export interface OpenLoopOptions {
  /** When guests come: milliseconds from the beginning, ascending. */
  readonly arrivals: Iterable<number>;
  /**
   * One operation, begun when it is due or as soon after that as the machine lets us. What it measures begins at `intended`
   * (`performance.now()`): a client that comes late must not hide how long a guest would have waited.
   */
  readonly act: (intended: number) => Promise<void>;
  /** Nobody is sent any more once it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Sends at a rate of its own, whether or not what was sent before is answered: as guests come. Resolves when the last is
 * answered. @returns how many were sent
 * @throws whatever an operation throws first
 */
export async function openLoop({ arrivals, act, signal }: OpenLoopOptions): Promise<number> {
  const since = performance.now();
  const underWay = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let sent = 0;
  for (const at of arrivals) {
    const intended = since + at;
    while (performance.now() < intended && !signal?.aborted)
      await Promise.race([waiting(Math.max(1, intended - performance.now()), signal), failure.promise]);
    if (signal?.aborted) break;
    const operation: Promise<void> = act(intended)
      .catch(failure.reject)
      .finally(() => underWay.delete(operation));
    underWay.add(operation);
    sent += 1;
  }
  await Promise.race([Promise.all(underWay), failure.promise]);
  return sent;
}

/** Resolves after so many milliseconds, or as soon as there is nothing left to wait for. */
export const waiting = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  pause(milliseconds, undefined, signal && { signal }).catch(() => undefined);
