import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.js';
import { ALONE, GroupCommit, type GroupCommitOptions, type Outcome } from './group-commit.js';

/** An order at a table: tables are served one order at a time. */
interface Ask {
  readonly dish: string;
  readonly table?: string;
  readonly house?: string;
}

/** A kitchen that cooks in groups, and writes down how. */
function kitchen(options: Partial<GroupCommitOptions<Ask, string>> = {}) {
  const groups: string[][] = [];
  const alone: string[] = [];
  const cooking = new GroupCommit<Ask, string>({
    lane: ({ house = 'ours' }) => house,
    apart: ({ table }) => (table === undefined ? [] : [table]),
    async together(group) {
      groups.push(group.map(({ dish }) => dish));
      await turn();
      return group.map(({ dish }) => `${dish}!`);
    },
    async alone({ dish }) {
      alone.push(dish);
      await turn();
      return `${dish} alone`;
    },
    ...options,
  });
  const ask = (...asked: (string | Ask)[]): Promise<string[]> =>
    Promise.all(asked.map((each) => cooking.run(typeof each === 'string' ? { dish: each } : each)));
  return { ask, cooking, groups, alone };
}

describe('what is asked for', () => {
  test('by one is done at once', async () => {
    const { ask, groups } = kitchen();
    expect(await ask('soup')).toEqual(['soup!']);
    expect(groups).toEqual([['soup']]);
  });

  test('at the same time is done together', async () => {
    const { ask, groups } = kitchen();
    expect(await ask('soup', 'fish', 'tart')).toEqual(['soup!', 'fish!', 'tart!']);
    expect(groups).toEqual([['soup', 'fish', 'tart']]);
  });

  test('while groups are under way waits for one of them to end, and is done together', async () => {
    const ends: (() => void)[] = [];
    const { ask, groups } = kitchen({
      width: 1,
      async together(group) {
        groups.push(group.map(({ dish }) => dish));
        await new Promise<void>((resolve) => ends.push(resolve));
        return group.map(({ dish }) => dish);
      },
    });
    const first = ask('soup');
    await turn();
    const others = [ask('fish'), ask('tart')];
    await turn();
    expect(groups).toEqual([['soup']]);
    ends.shift()?.();
    await first;
    await turn();
    ends.shift()?.();
    await Promise.all(others);
    expect(groups).toEqual([['soup'], ['fish', 'tart']]);
  });

  test('by too many at once is done in several groups', async () => {
    const { ask, groups } = kitchen({ size: 2 });
    await ask('1', '2', '3', '4', '5');
    expect(groups).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  test('in two lanes is never done together', async () => {
    const { ask, groups } = kitchen();
    await ask({ dish: 'soup', house: 'ours' }, { dish: 'fish', house: 'theirs' }, { dish: 'tart', house: 'ours' });
    expect(groups).toEqual(expect.arrayContaining([['fish'], ['soup', 'tart']]));
    expect(groups).toHaveLength(2);
  });
});

describe('one of a group', () => {
  test('that is refused is told so, and no other is concerned', async () => {
    const refusal = new Refusal('not_found', 'No fish today.');
    const { cooking, alone } = kitchen({
      together: (group) =>
        Promise.resolve(group.map(({ dish }): Outcome<string> => (dish === 'fish' ? refusal : dish))),
    });
    const [soup, fish] = await Promise.allSettled([cooking.run({ dish: 'soup' }), cooking.run({ dish: 'fish' })]);
    expect(soup).toEqual({ status: 'fulfilled', value: 'soup' });
    expect(fish).toEqual({ status: 'rejected', reason: refusal });
    expect(alone).toEqual([]);
  });

  test('that cannot be done in it is done alone', async () => {
    const { ask, alone } = kitchen({
      together: (group) => Promise.resolve(group.map(({ dish }) => (dish === 'fish' ? ALONE : dish))),
    });
    expect(await ask('soup', 'fish')).toEqual(['soup', 'fish alone']);
    expect(alone).toEqual(['fish']);
  });

  test('in vain, with the database locked, waits once more at most: nobody queues up to wait alone', async () => {
    const locked = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    const tried: string[] = [];
    const { cooking } = kitchen({
      together: () => Promise.reject(locked),
      async alone({ dish }) {
        tried.push(dish);
        await turn();
        throw locked;
      },
    });
    const dishes = Array.from({ length: 40 }, (_, n) => `dish ${n}`);
    const ends = await Promise.allSettled(dishes.map((dish) => cooking.run({ dish, table: dish })));
    expect(ends).toEqual(dishes.map(() => ({ status: 'rejected', reason: locked })));
    expect(tried).toEqual(dishes.slice(0, 4));
    // Their tables are free again.
    await expect(cooking.run({ dish: 'again', table: 'dish 39' })).rejects.toBe(locked);
  });

  test('that makes it fail is found by doing each alone', async () => {
    const broken = new Error('the pan fell');
    const { cooking } = kitchen({
      together: () => Promise.reject(new Error('the pan fell on all of it')),
      alone: ({ dish }) => (dish === 'fish' ? Promise.reject(broken) : Promise.resolve(dish)),
    });
    const outcomes = await Promise.allSettled(['soup', 'fish', 'tart'].map((dish) => cooking.run({ dish })));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: broken });
  });
});

test('when the database has gone, a group is not tried again one by one', async () => {
  const gone = Object.assign(new Error('terminating connection'), { code: '57P01' });
  const { cooking, alone } = kitchen({ together: () => Promise.reject(gone) });
  const outcomes = await Promise.allSettled(['soup', 'fish'].map((dish) => cooking.run({ dish })));
  expect(outcomes).toEqual([
    { status: 'rejected', reason: gone },
    { status: 'rejected', reason: gone },
  ]);
  expect(alone).toEqual([]);
});

test('whatever is asked for, all of it is done, one order of a table at a time and in its order', async () => {
  const asks = fc.array(fc.record({ table: fc.constantFrom('1', '2', '3'), sent: fc.nat(3), alone: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(asks, fc.integer({ min: 1, max: 5 }), async (made, size) => {
      const served = new Map<string, number[]>();
      const busy = new Set<string>();
      const serve = async (table: string, at: number): Promise<void> => {
        expect(busy.has(table)).toBe(false);
        busy.add(table);
        await turn();
        busy.delete(table);
        served.set(table, [...(served.get(table) ?? []), at]);
      };
      const cooking = new GroupCommit<{ table: string; at: number; alone: boolean }, { at: number }>({
        lane: () => 'ours',
        apart: ({ table }) => [table],
        size,
        async together(group) {
          await Promise.all(group.filter(({ alone }) => !alone).map(({ table, at }) => serve(table, at)));
          return group.map(({ at, alone }) => (alone ? ALONE : { at }));
        },
        async alone({ table, at }) {
          await serve(table, at);
          return { at };
        },
      });
      const answers: Promise<{ at: number }>[] = [];
      for (const [at, { table, sent, alone }] of made.entries()) {
        answers.push(cooking.run({ table, at, alone }));
        for (let n = 0; n < sent; n++) await turn();
      }
      expect((await Promise.all(answers)).map(({ at }) => at)).toEqual(made.map((_, at) => at));
      for (const [table, order] of served)
        expect(order).toEqual(made.flatMap((ask, at) => (ask.table === table ? [at] : [])));
    }),
    { numRuns: 100 },
  );
});

describe('when the kitchen falls behind', () => {
  /** A kitchen in which nothing gets done until it is let go. */
  function stuckKitchen(options: Partial<GroupCommitOptions<Ask, string>>) {
    const held = Promise.withResolvers<void>();
    const made = kitchen({
      width: 1,
      async together(group) {
        await held.promise;
        return group.map(({ dish }) => `${dish}!`);
      },
      ...options,
    });
    return { ...made, letGo: () => held.resolve() };
  }

  test('no more wait than there is room for, and whoever comes then is told to come back', async () => {
    const { ask, letGo } = stuckKitchen({ most: 2 });
    const cooked = ask('soup');
    await turn();
    const waiting = ask('fish', 'tart');
    await expect(ask('cake')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    letGo();
    expect([await cooked, await waiting]).toEqual([['soup!'], ['fish!', 'tart!']]);
  });

  test('who has waited long enough is told to come back, and nothing is cooked for them', async () => {
    const { ask, alone, letGo } = stuckKitchen({ patience: 20 });
    const cooked = ask('soup');
    await turn();
    await expect(ask('fish')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    letGo();
    expect(await cooked).toEqual(['soup!']);
    expect(await ask('tart')).toEqual(['tart!']);
    expect(alone).toEqual([]);
  });

  test('their time counts from when they came in by the door', async () => {
    const { cooking, letGo } = stuckKitchen({ until: () => performance.now() + 20 });
    const cooked = cooking.run({ dish: 'soup' });
    await turn();
    await expect(cooking.run({ dish: 'fish' })).rejects.toMatchObject({ code: 'unavailable' });
    letGo();
    expect(await cooked).toBe('soup!');
  });

  test('who may repeat is told to come back while the dish is on the fire; the table waits until it is off', async () => {
    const served: string[] = [];
    const held = Promise.withResolvers<void>();
    const { cooking } = kitchen({
      repeatable: true,
      until: ({ dish }) => (dish === 'soup' ? performance.now() + 20 : undefined),
      async together(group) {
        if (group.some(({ dish }) => dish === 'soup')) await held.promise;
        served.push(...group.map(({ dish }) => dish));
        return group.map(({ dish }) => dish);
      },
    });
    await expect(cooking.run({ dish: 'soup', table: '1' })).rejects.toMatchObject({ code: 'unavailable' });
    const next = cooking.run({ dish: 'fish', table: '1' });
    await turn();
    expect(served).toEqual([]);
    held.resolve();
    await next;
    expect(served).toEqual(['soup', 'fish']);
  });

  test('whose group came to nothing when their time was up is not cooked for alone', async () => {
    const held = Promise.withResolvers<never>();
    const until = performance.now() + 20;
    const { cooking, alone } = kitchen({
      until: ({ dish }) => (dish === 'soup' ? until : undefined),
      together: () => held.promise,
    });
    const ends = ['1', '2'].map((table) => endOf(cooking.run({ dish: 'soup', table })));
    await expect.poll(() => performance.now()).toBeGreaterThan(until);
    held.reject(new Error('the stove is locked'));
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ reason: { code: 'unavailable' } });
    expect(alone).toEqual([]);
    // Their tables are free again.
    await expect(cooking.run({ dish: 'tart', table: '2' })).resolves.toBe('tart alone');
  });

  test('everybody is told once, nobody is served twice, and who was told that nothing was done was not served', async () => {
    const asks = fc.array(
      fc.record({ table: fc.constantFrom('1', '2', '3'), sent: fc.nat(2), late: fc.boolean(), spoils: fc.boolean() }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(asks, fc.boolean(), fc.integer({ min: 1, max: 5 }), async (made, repeatable, size) => {
        const served: number[] = [];
        const busy = new Set<string>();
        const serve = async (group: readonly Guest[]): Promise<void> => {
          for (const { table } of group) expect(busy.has(table)).toBe(false);
          for (const { table } of group) busy.add(table);
          await pause(1);
          for (const { table } of group) busy.delete(table);
          if (group.length > 1 && group.some(({ spoils }) => spoils)) throw new Error('the pan fell');
          served.push(...group.map(({ at }) => at));
        };
        const cooking = new GroupCommit<Guest, number>({
          lane: () => 'ours',
          apart: ({ table }) => [table],
          until: ({ late }) => (late ? performance.now() : undefined),
          size,
          repeatable,
          async together(group) {
            await serve(group);
            return group.map(({ at }) => at);
          },
          async alone(guest) {
            await serve([guest]);
            return guest.at;
          },
        });
        const told: Promise<PromiseSettledResult<number>>[] = [];
        for (const [at, { sent, ...guest }] of made.entries()) {
          told.push(endOf(cooking.run({ ...guest, at })));
          for (let n = 0; n < sent; n++) await turn();
        }
        const ends = await Promise.all(told);
        for (const table of ['1', '2', '3']) await cooking.run({ table, at: -1, late: false, spoils: false });
        expect(new Set(served.filter((at) => at >= 0)).size).toBe(served.length - 3);
        for (const [at, end] of ends.entries()) {
          if (end.status === 'fulfilled') expect([end.value, served.includes(at)]).toEqual([at, true]);
          else {
            expect(end.reason).toMatchObject({ code: 'unavailable', retryAfter: 1 });
            expect(made[at]?.late).toBe(true);
            if (!repeatable) expect(served).not.toContain(at);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** How it ended, of somebody who is not listened to all the time. */
async function endOf<Result>(said: Promise<Result>): Promise<PromiseSettledResult<Result>> {
  const [end] = await Promise.allSettled([said]);
  return end;
}

/** Somebody at a table, who may have no time left. */
interface Guest {
  readonly table: string;
  readonly at: number;
  readonly late: boolean;
  /** Whether a group with this one in it comes to nothing. */
  readonly spoils: boolean;
}
