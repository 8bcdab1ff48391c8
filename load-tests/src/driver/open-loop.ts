import { setTimeout as pause } from 'node:timers/promises';
import { poisson } from './arrivals.js';

export interface OpenLoopOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /**
   * One operation, begun when it is due or as soon after that as the machine lets us. What it measures begins at `intended`
   * (`performance.now()`): a client that comes late must not hide how long a guest would have waited.
   */
  readonly act: (intended: number) => Promise<void>;
}

/**
 * Sends at a rate of its own, whether or not what was sent before is answered: as guests come. Resolves when the last is
 * answered. @returns how many were sent
 * @throws whatever an operation throws first
 */
export async function openLoop({ perSecond, seconds, act }: OpenLoopOptions): Promise<number> {
  const since = performance.now();
  const underWay = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  let sent = 0;
  for (const at of poisson(perSecond, seconds)) {
    const intended = since + at;
    while (performance.now() < intended)
      await Promise.race([pause(Math.max(1, intended - performance.now())), failure.promise]);
    const operation: Promise<void> = act(intended)
      .catch(failure.reject)
      .finally(() => underWay.delete(operation));
    underWay.add(operation);
    sent += 1;
  }
  await Promise.race([Promise.all(underWay), failure.promise]);
  return sent;
}
