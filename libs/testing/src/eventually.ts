import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats the check until it passes (neither throws nor returns false) and returns what it returned. Fails `within`
 * milliseconds later with what the check complained of last.
 *
 * @example await eventually(async () => expect(await levelOf('flour')).toBe(0), { within: 5_000 });
 */
export async function eventually<T>(check: () => T | Promise<T>, { within }: { within: number }): Promise<T> {
  const deadline = Date.now() + within;
  let last: unknown = new Error('the check never ended');
  for (let tries = 1; ; tries += 1) {
    const left = new AbortController();
    let isOver = false;
    try {
      const tooLate = pause(deadline - Date.now(), outOfTime, { signal: left.signal });
      const value = await Promise.race([passed(check), tooLate]);
      if (value !== outOfTime) return value;
      isOver = true; // a timer may be a millisecond ahead of the clock
    } catch (failure) {
      last = failure;
    } finally {
      left.abort();
    }
    if (isOver || Date.now() >= deadline) {
      const complaint = last instanceof Error ? last.message : String(last);
      throw new Error(`Not within ${within} ms, after ${tries} tries; at last: ${complaint}`, { cause: last });
    }
    await pause(Math.min(5 * tries, 100));
  }
}

const outOfTime = Symbol('out of time');

async function passed<T>(check: () => T | Promise<T>): Promise<T> {
  const value = await check();
  if (value === false) throw new Error('the check returned false');
  return value;
}
