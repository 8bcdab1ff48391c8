import { describe, expect, test } from 'vitest';
import { type NotFound, type Outcome, type PaymentProvider, TryAgain } from './payment-provider.js';
import { type Ask, ProviderLine } from './provider-line.js';

/** A line whose other end only says whether it is there: the questions of these tests answer themselves. */
const line = (
  limits: { timeoutMs?: number; concurrency?: number } = {},
  lookup: () => Promise<Outcome | NotFound> = () => Promise.resolve({ kind: 'not_found' }),
) =>
  new ProviderLine(
    { lookup } as unknown as PaymentProvider,
    { timeoutMs: 1_000, concurrency: 64, ...limits },
    { halfOpenAfter: 100 },
  );
const declined: Outcome = { kind: 'declined', code: 'card_declined' };
const never = (): Promise<Outcome> => new Promise(() => undefined);
const reset = (): Promise<Outcome> => Promise.reject(new Error('ECONNRESET'));

describe('the line to the provider', () => {
  test('brings its answer', async () => {
    expect(await line().whenFree((ask) => ask(() => Promise.resolve(declined)))).toEqual(declined);
  });

  test.each([
    ['silence', never],
    ['a connection that was reset', reset],
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
    expect(narrow.inFlight).toBe(1);
    await expect(narrow.whenFree(() => Promise.resolve('in'))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 2,
    });
    leave();
    await first;
    expect(await narrow.whenFree(() => Promise.resolve('in'))).toBe('in');
    expect(narrow.inFlight).toBe(0);
  });
});

describe('a call that did not arrive', () => {
  test('is made again at once, twice at most, within the time of one', async () => {
    const answers = [new TryAgain('busy'), new TryAgain('busy'), declined];
    const ask = () => {
      const answer = answers.shift() ?? declined;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    expect(await line().whenFree((asking) => asking(ask))).toEqual(declined);
    let asked = 0;
    const busy = (): Promise<Outcome> => {
      asked += 1;
      return Promise.reject(new TryAgain('busy'));
    };
    expect(await line().whenFree((asking) => asking(busy))).toEqual({ kind: 'unknown' });
    expect(asked).toBe(3);
  });

  test('is not made again when nobody knows whether it arrived', async () => {
    let asked = 0;
    const odd = (): Promise<Outcome> => {
      asked += 1;
      return Promise.reject(new SyntaxError('Unexpected token <'));
    };
    expect(await line().whenFree((asking) => asking(odd))).toEqual({ kind: 'unknown' });
    expect(asked).toBe(1);
  });
});

describe('a provider that does not answer five times in a row', () => {
  const broken = async (lookup?: () => Promise<Outcome | NotFound>): Promise<ProviderLine> => {
    const tried = line({}, lookup);
    for (let times = 1; times <= 5; times++) {
      expect(tried.isOpen).toBe(false);
      await tried.whenFree((ask) => ask(reset));
    }
    return tried;
  };

  test('is left alone: who comes is told at once, and nothing is begun', async () => {
    const tried = await broken(() => Promise.reject(new Error('still down')));
    let begun = false;
    const coming = tried.whenFree(() => {
      begun = true;
      return Promise.resolve();
    });
    await expect(coming).rejects.toMatchObject({ code: 'provider_unavailable', retryAfter: 5 });
    expect([tried.isOpen, begun]).toEqual([true, false]);
    tried.close();
  });

  test('is asked for what it cannot know until it answers, and then takes guests again', async () => {
    let looks = 0;
    const tried = await broken(() => {
      looks += 1;
      return looks < 3 ? Promise.reject(new Error('still down')) : Promise.resolve({ kind: 'not_found' });
    });
    await expect.poll(() => tried.isOpen).toBe(false);
    expect(looks).toBe(3);
    expect(await tried.whenFree((ask) => ask(() => Promise.resolve(declined)))).toEqual(declined);
  });

  test('takes nobody’s money whose call it holds back: that is known, and no', async () => {
    const tried = line({}, () => Promise.reject(new Error('still down')));
    const late = tried.whenFree(async (ask) => {
      await broken5(tried);
      return ask(never);
    });
    expect(await late).toEqual({ kind: 'declined', code: 'provider_unavailable' });
    tried.close();
  });

  const broken5 = async (tried: ProviderLine): Promise<void> => {
    await Promise.all(Array.from({ length: 5 }, () => tried.whenFree((ask) => ask(reset))));
  };

  test('but one that says no is well', async () => {
    const tried = line();
    for (let times = 1; times <= 10; times++) await tried.whenFree((ask) => ask(() => Promise.resolve(declined)));
    expect(tried.isOpen).toBe(false);
  });
});
