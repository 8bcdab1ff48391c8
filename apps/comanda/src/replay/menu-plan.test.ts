import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PastLine, type PastOrder, toHistory } from './history.js';
import { readMapping } from './mapping.js';
import { type KnownMenu, MenuPlan, onePriceEach, sellables, skuOf } from './menu-plan.js';
import { readRows } from './read-rows.js';

const sku = (line: Pick<PastLine, 'item' | 'variation'>) =>
  skuOf(line, (text) => createHash('sha256').update(text).digest('hex'));

/** Orders, each of lines such as `taco 3.25`, an hour apart. */
function historyOf(...orders: (readonly string[])[]): PastOrder[] {
  return orders.map((lines, hour) => ({
    number: String(hour + 1),
    line: hour + 2,
    occurredAt: new Date(Date.UTC(2021, 5, 1, hour)),
    date: '2021-06-01',
    time: '12:00:00',
    lines: lines.map((line) => {
      const [item = '', price = ''] = line.split(' ');
      return { item, variation: 'Regular', category: null, price: Number(price.replace('.', '')), quantity: 1 };
    }),
  }));
}

function historyIn(file: string): PastOrder[] {
  const bytes = readFileSync(fileURLToPath(new URL(`../../test-data/${file}`, import.meta.url)));
  const { sold, bad } = readRows(bytes, readMapping(undefined), { timeZone: 'America/Chicago', currency: 'USD' }, file);
  expect(bad).toEqual([]);
  return onePriceEach(toHistory(sold));
}

/** Goes through a history as a replay does: publishes what is missing, and says which menu each order is sold from. */
function run(history: readonly PastOrder[], known: readonly KnownMenu[] = []) {
  const plan = new MenuPlan(history, sku, known);
  const menus = [...known];
  const sources = [...history.keys()].map((order) => {
    if (!plan.menuFor(order)) {
      const menu = { hash: `menu ${menus.length + 1}`, prices: plan.pricesFrom(order) };
      menus.push(menu);
      plan.published(menu);
    }
    return plan.menuFor(order)?.hash;
  });
  return { menus, sources };
}

describe('a price list that changes on one day', () => {
  test('is two menus, each with everything the history sells', () => {
    const { menus, sources } = run(historyIn('new-prices.csv'));
    expect(menus.map(({ prices }) => Object.fromEntries(prices))).toEqual([
      { 'Taco:Regular': 3_00, 'Horchata:Regular': 2_50, 'Mole:Regular': 11_00, 'Flan:Regular': 4_00 },
      { 'Taco:Regular': 3_25, 'Horchata:Regular': 2_75, 'Mole:Regular': 11_00, 'Flan:Regular': 4_00 },
    ]);
    expect(sources).toEqual(['menu 1', 'menu 1', 'menu 1', 'menu 1', 'menu 2', 'menu 1', 'menu 2', 'menu 2']);
  });

  test('is published when the first thing is sold at its new price, and not before', () => {
    const history = historyOf(['taco 3.00'], ['flan 4.00'], ['taco 3.00'], ['taco 3.25']);
    expect(run(history).sources).toEqual(['menu 1', 'menu 1', 'menu 1', 'menu 2']);
  });

  test('however many there are, two menus are enough', () => {
    const items = fc.array(fc.nat(15), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(items, { maxLength: 40 }), fc.array(items, { maxLength: 40 }), (before, after) => {
        const at = (raise: number) => (sold: number[]) =>
          [...new Set(sold)].map((item) => `item${item} ${10 + item + raise}.00`);
        expect(run(historyOf(...before.map(at(0)), ...after.map(at(1)))).menus.length).toBeLessThanOrEqual(2);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('prices that change one after the other', () => {
  test('are published one after the other, none before its time', () => {
    const history = historyOf(
      ['taco 3.00', 'flan 4.00'],
      ['taco 3.25'],
      ['flan 4.00'],
      ['flan 4.50'],
      ['taco 3.25', 'flan 4.50'],
    );
    const { menus, sources } = run(history);
    expect(menus.map(({ prices }) => [...prices.values()])).toEqual([
      [3_00, 4_00],
      [3_25, 4_00],
      [3_25, 4_50],
    ]);
    expect(sources).toEqual(['menu 1', 'menu 2', 'menu 1', 'menu 3', 'menu 3']);
  });

  test('need no more menus than there are changes, and the first', () => {
    const sales = fc.array(fc.record({ item: fc.nat(5), raised: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(sales, (sold) => {
        const raises = new Map<number, number>();
        const history = sold.map(({ item, raised }) => {
          if (raised) raises.set(item, (raises.get(item) ?? 0) + 1);
          return [`item${item} ${10 + (raises.get(item) ?? 0)}.00`];
        });
        const changes = sold.filter(({ raised }) => raised).length;
        expect(run(historyOf(...history)).menus.length).toBeLessThanOrEqual(1 + changes);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('prices that come and go', () => {
  test('of a happy hour every day are two menus', () => {
    const { menus, sources } = run(historyIn('happy-hour.csv'));
    expect(menus).toHaveLength(2);
    expect(sources.slice(0, 6)).toEqual(['menu 1', 'menu 1', 'menu 2', 'menu 2', 'menu 1', 'menu 1']);
  });

  test('of two lists in turn are two menus, also when little of them is sold at a time', () => {
    const one = ['taco 3.00', 'flan 4.00', 'mole 11.00'];
    const other = ['taco 2.00', 'flan 2.50', 'mole 9.00'];
    const history = historyOf(
      one,
      [other[0] ?? ''],
      one,
      [other[1] ?? ''],
      one,
      other.slice(1),
      one,
      other.slice(0, 2),
    );
    expect(run(history).menus).toHaveLength(2);
  });

  test('of one thing are as many menus as it has prices', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }), (prices) => {
        const { menus } = run(historyOf(...prices.map((price) => [`taco ${price}.00`, 'flan 4.00'])));
        expect(menus).toHaveLength(new Set(prices).size);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  test('never need more menus than there are lists of prices that were asked for', () => {
    const orders = fc.array(fc.array(fc.tuple(fc.nat(3), fc.nat(2)), { minLength: 1, maxLength: 3 }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(orders, (asked) => {
        const lists = asked.map((lines) => [...new Map(lines)].map(([item, price]) => `item${item} ${price}.00`));
        const distinct = new Set(lists.map((lines) => lines.toSorted().join()));
        expect(run(historyOf(...lists)).menus.length).toBeLessThanOrEqual(distinct.size);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('whatever was sold at whatever price', () => {
  const histories = fc
    .array(fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { minLength: 1, maxLength: 4 }), { maxLength: 30 })
    .map((orders) =>
      onePriceEach(historyOf(...orders.map((lines) => lines.map(([item, price]) => `item${item} ${price}.00`)))),
    );

  test('the menu an order is sold from has its prices', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { menus, sources } = run(history);
        for (const [order, { lines }] of history.entries()) {
          const menu = menus.find(({ hash }) => hash === sources[order]);
          for (const line of lines) expect(menu?.prices.get(sku(line))).toBe(line.price);
        }
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  test('a second run publishes nothing, and sells each order from the same menu', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const first = run(history);
        expect(run(history, first.menus)).toEqual(first);
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  test('a run that was broken off goes on as if it had not been', () => {
    fc.assert(
      fc.property(histories, fc.nat(30), (history, orders) => {
        const whole = run(history);
        const published = new Set(whole.sources.slice(0, orders));
        const soFar = whole.menus.filter(({ hash }) => published.has(hash));
        expect(run(history, soFar)).toEqual(whole);
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  test('menus that others published are used, and change nothing', () => {
    const stranger = { hash: 'of the demo', prices: new Map([['Espresso:Regular', 2_00]]) };
    fc.assert(
      fc.property(histories, (history) => {
        const { menus } = run(history, [stranger]);
        expect(menus.slice(1).map(({ prices }) => prices)).toEqual(run(history).menus.map(({ prices }) => prices));
      }),
      { seed: 3, numRuns: 200 },
    );
    expect(run(historyOf(['Espresso 2.00']), [stranger]).sources).toEqual(['of the demo']);
  });
});

describe('two prices of one thing in one order', () => {
  const namesOf = (...lines: string[]) =>
    onePriceEach(historyOf(lines)).map((order) => order.lines.map(({ variation, price }) => `${variation} ${price}`));

  test('are two variations, the dearest being the usual one', () => {
    expect(namesOf('taco 2.00', 'flan 4.00', 'taco 3.00')).toEqual([['Regular (2) 200', 'Regular 400', 'Regular 300']]);
    expect(namesOf('taco 1.00', 'taco 2.00', 'taco 3.00')).toEqual([
      ['Regular (3) 100', 'Regular (2) 200', 'Regular 300'],
    ]);
  });

  test('keep clear of a variation that has such a name', () => {
    const [order] = historyOf(['taco 3.00', 'taco 2.00', 'taco 1.50']);
    const lines =
      order?.lines.map((line) => (line.price === 1_50 ? { ...line, variation: 'Regular (2)' } : line)) ?? [];
    const names = onePriceEach([{ ...(order as PastOrder), lines }])[0]?.lines.map(({ variation }) => variation);
    expect(names).toEqual(['Regular', 'Regular (3)', 'Regular (2)']);
  });

  test('leave other orders as they are', () => {
    const history = historyOf(['taco 3.00', 'flan 4.00'], ['taco 2.00']);
    expect(onePriceEach(history)).toEqual(history);
  });
});

describe('a code by which a thing is found on the menu', () => {
  test('is its name and variation where these are short', () => {
    expect(sku({ item: 'Taco', variation: 'Grande' })).toBe('Taco:Grande');
  });

  const name = fc.string({ unit: fc.constantFrom('a', 'b', ':', '~', 'é', '🌮'), minLength: 1, maxLength: 120 });

  test('is another for another thing, and a hundred characters at most', () => {
    fc.assert(
      fc.property(name, name, name, name, (item, variation, otherItem, otherVariation) => {
        const codes = [sku({ item, variation }), sku({ item: otherItem, variation: otherVariation })];
        expect(codes[0] === codes[1]).toBe(item === otherItem && variation === otherVariation);
        expect(codes.every((code) => code.length <= 100 && code.isWellFormed())).toBe(true);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  test('is whole text where a long name is cut within a sign of two units', () => {
    expect(sku({ item: '🌮'.repeat(60), variation: 'S' }).isWellFormed()).toBe(true);
  });

  test.each([
    [
      { item: 'a:b', variation: 'c' },
      { item: 'a', variation: 'b:c' },
    ],
    [
      { item: 'x'.repeat(150), variation: 'S' },
      { item: 'x'.repeat(150), variation: 'L' },
    ],
  ])('%o is not %o', (one, other) => {
    expect(sku(one)).not.toBe(sku(other));
  });
});

test('what is sold is listed once, as first sold, each item in one category', () => {
  const lines = [
    { item: 'Cola', variation: 'S', category: null },
    { item: 'Cola', variation: 'L', category: 'Drinks' },
    { item: 'Cola', variation: 'S', category: 'Beverages' },
    { item: 'Taco', variation: 'Regular', category: null },
  ].map((line) => ({ ...line, price: 1_00, quantity: 1 }));
  const [order] = historyOf([]);
  expect(sellables([{ ...(order as PastOrder), lines }], sku)).toEqual([
    { sku: 'Cola:S', item: 'Cola', variation: 'S', category: 'Drinks' },
    { sku: 'Cola:L', item: 'Cola', variation: 'L', category: 'Drinks' },
    { sku: 'Taco:Regular', item: 'Taco', variation: 'Regular', category: null },
  ]);
});
