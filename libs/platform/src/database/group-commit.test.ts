import { setImmediate as turn } from 'node:timers/promises';
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
});
