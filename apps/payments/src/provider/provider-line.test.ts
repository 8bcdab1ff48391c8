import { describe, expect, test } from 'vitest';
import type { Outcome } from './payment-provider.js';
import { type Ask, ProviderLine } from './provider-line.js';
import type { SandboxProvider } from './sandbox-provider.js';

/** A line whose other end is never reached: the questions of these tests answer themselves. */
const line = (limits: { timeoutMs?: number; concurrency?: number } = {}) =>
  new ProviderLine({} as SandboxProvider, { timeoutMs: 1_000, concurrency: 64, ...limits });
const declined: Outcome = { kind: 'declined', code: 'card_declined' };
const never = (): Promise<Outcome> => new Promise(() => undefined);

describe('the line to the provider', () => {
  test('brings its answer', async () => {
    expect(await line().whenFree((ask) => ask(() => Promise.resolve(declined)))).toEqual(declined);
  });

  test.each([
    ['silence', never],
    ['a connection that was reset', () => Promise.reject(new Error('ECONNRESET'))],
    ['an answer that makes no sense', () => Promise.reject(new SyntaxError('Unexpected token <'))],
  ])('takes %s for unknown, never for no', async (_, question) => {
    expect(await line({ timeoutMs: 50 }).whenFree((ask) => ask(question))).toEqual({ kind: 'unknown' });
  });

  test('tells the provider when nobody waits any more', async () => {
    const told = await line({ timeoutMs: 50 }).whenFree(async (ask) => {
      let hungUp = false;
      await ask((_, signal) => {
        signal.addEventListener('abort', () => (hungUp = true));
        return never();
      });
      return hungUp;
    });
    expect(told).toBe(true);
  });

  test('does not ask for a process that slept so long that its attempt may have been given up', async () => {
    let asked = false;
    const sleepy = async (ask: Ask): Promise<Outcome> => {
      await expect.poll(() => performance.now() - began, { interval: 10 }).toBeGreaterThan(60);
      return ask(() => {
        asked = true;
        return Promise.resolve(declined);
      });
    };
    const began = performance.now();
    expect(await line({ timeoutMs: 50 }).whenFree(sleepy)).toEqual({ kind: 'unknown' });
    expect(asked).toBe(false);
  });

  test('turns away who finds no place, and has one again when somebody leaves', async () => {
    const narrow = line({ concurrency: 1 });
    let leave = (): void => undefined;
    const first = narrow.whenFree(() => new Promise<void>((resolve) => (leave = resolve)));
    await expect(narrow.whenFree(() => Promise.resolve('in'))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 2,
    });
    leave();
    await first;
    expect(await narrow.whenFree(() => Promise.resolve('in'))).toBe('in');
  });
});
