import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lostOrders, toHistory, tooLarge } from './history.js';
import type { BadRow, SoldItem } from './sold-item.js';

/** One taco of order 7 for 3.25, unless said otherwise; `at` is `yyyy-MM-dd HH:mm` in UTC. */
function row({ at = '2021-06-01 12:00', ...given }: Partial<SoldItem> & { at?: string } = {}): SoldItem {
  const [date = '', time = ''] = at.split(' ');
  return {
    line: 2,
    order: '7',
    occurredAt: new Date(`${date}T${time}:00Z`),
    date,
    time: `${time}:00`,
    item: 'Taco',
    variation: 'Regular',
    category: 'tacos',
    quantity: 1,
    price: 3_25,
    ...given,
  };
}

const bad = ({ at, ...given }: Partial<BadRow> & { at?: string } = {}): BadRow => ({
  line: 1,
  column: 'price',
  what: 'is empty',
  order: '7',
  when: at === undefined ? undefined : row({ at }),
  ...given,
});

const ordersOf = (...rows: SoldItem[]) =>
  toHistory(rows).map(({ number, date, time, lines }) => `${number} ${date} ${time.slice(0, 5)} ${lines.length}`);

describe('rows of one order', () => {
  test('with the same item, variation and price are one line', () => {
    const [order] = toHistory([row(), row({ quantity: 2 }), row({ item: 'Horchata', price: 2_50 }), row()]);
    expect(order?.lines).toEqual([
      { item: 'Taco', variation: 'Regular', category: 'tacos', price: 3_25, quantity: 4 },
      { item: 'Horchata', variation: 'Regular', category: 'tacos', price: 2_50, quantity: 1 },
    ]);
  });

  test.each([
    ['price', { price: 3_00 }],
    ['variation', { variation: 'Grande' }],
    ['item', { item: 'Taco al pastor' }],
  ])('with another %s are another line', (_what, other) => {
    expect(toHistory([row(), row(other)])[0]?.lines).toHaveLength(2);
  });

  test('are found wherever they stand', () => {
    expect(ordersOf(row(), row({ order: '8' }), row({ order: '9' }), row({ item: 'Flan' }))).toEqual([
      '7 2021-06-01 12:00 2',
      '8 2021-06-01 12:00 1',
      '9 2021-06-01 12:00 1',
    ]);
  });

  test('have the time of the first of them', () => {
    expect(ordersOf(row({ at: '2021-06-01 12:20', item: 'Flan' }), row())).toEqual(['7 2021-06-01 12:00 2']);
  });

  test('may be hours apart on one day', () => {
    expect(ordersOf(row({ at: '2021-06-01 20:00', item: 'Flan' }), row())).toEqual(['7 2021-06-01 12:00 2']);
    expect(ordersOf(row(), row({ at: '2021-06-01 20:00', item: 'Flan' }), row({ at: '2021-06-03 12:00' }))).toEqual([
      '7 2021-06-01 12:00 2',
      '7 2021-06-03 12:00 1',
    ]);
  });

  test('may follow past midnight', () => {
    const rows = [row({ at: '2021-06-01 23:50' }), row({ at: '2021-06-02 00:10', item: 'Flan' })];
    expect(ordersOf(...rows)).toEqual(['7 2021-06-01 23:50 2']);
    expect(ordersOf(...rows, row({ at: '2021-06-02 12:00' }))).toEqual([
      '7 2021-06-01 23:50 2',
      '7 2021-06-02 12:00 1',
    ]);
  });
});

test('letters’ case makes no other item, as on a menu: the first spelling stands', () => {
  const history = toHistory([
    row({ item: 'Taco', variation: 'Grande' }),
    row({ item: 'TACO', variation: 'GRANDE' }),
    row({ order: '8', item: 'taco', variation: 'grande', price: 2_00 }),
    row({ order: '9', item: 'TÉ', variation: 'Grande' }),
  ]);
  expect(history.map(({ lines }) => lines.map((line) => `${line.quantity} ${line.item} ${line.variation}`))).toEqual([
    ['2 Taco Grande'],
    ['1 Taco Grande'],
    ['1 TÉ Grande'],
  ]);
});

test('numbers that begin anew each day are other orders each day', () => {
  const days = ['2021-06-03', '2021-06-01', '2021-06-02'];
  expect(ordersOf(...days.flatMap((day) => [row({ at: `${day} 12:00` }), row({ at: `${day} 12:30` })]))).toEqual([
    '7 2021-06-01 12:00 1',
    '7 2021-06-02 12:00 1',
    '7 2021-06-03 12:00 1',
  ]);
});

test('a file with the newest first is a history with the oldest first', () => {
  const times = ['2021-06-01 13:00', '2021-06-01 12:30', '2021-06-01 12:00'];
  expect(ordersOf(...times.map((at, order) => row({ at, order: String(order) })))).toEqual([
    '2 2021-06-01 12:00 1',
    '1 2021-06-01 12:30 1',
    '0 2021-06-01 13:00 1',
  ]);
});

const someRow = fc
  .record({
    order: fc.constantFrom('1', '2', '3'),
    hour: fc.integer({ min: 0, max: 240 }),
    item: fc.constantFrom('Taco', 'Flan', 'Mole'),
    variation: fc.constantFrom('Regular', 'Grande'),
    price: fc.constantFrom(2_00, 3_00),
    quantity: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ hour, ...given }) =>
    row({ ...given, at: new Date(Date.UTC(2021, 5, 1, hour)).toISOString().slice(0, 16).replace('T', ' ') }),
  );

describe('whatever the rows and their order in the file', () => {
  const sum = (rows: readonly { quantity: number; price: number }[]) =>
    rows.reduce((total, { quantity, price }) => total + quantity * price, 0);

  test('nothing sold is lost or made up, and no order is there twice', () => {
    fc.assert(
      fc.property(fc.array(someRow, { maxLength: 30 }), (rows) => {
        const history = toHistory(rows);
        const lines = history.flatMap((order) => order.lines);
        expect(sum(lines)).toBe(sum(rows));
        const keys = history.map(({ number, date, time }) => `${number}/${date}/${time}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(history.every((order, at) => at === 0 || order.occurredAt >= (history[at - 1]?.occurredAt ?? 0))).toBe(
          true,
        );
        for (const { lines: ofOrder } of history) {
          const kinds = ofOrder.map(({ item, variation, price }) => `${item}/${variation}/${price}`);
          expect(new Set(kinds).size).toBe(kinds.length);
        }
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  test('the orders are the same when the file is sorted otherwise', () => {
    const plain = (rows: SoldItem[]) =>
      toHistory(rows)
        .map(({ number, date, time, lines }) => `${number} ${date} ${time} ${sum(lines)}`)
        .toSorted();
    fc.assert(
      fc.property(fc.array(someRow, { maxLength: 20 }), (rows) => {
        expect(plain(rows.toReversed())).toEqual(plain(rows));
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });
});

describe('an order is lost', () => {
  test.each<[promise: string, sold: SoldItem[], bad: BadRow[], lost: number]>([
    ['when all its rows are bad, once', [], [bad({ at: '2021-06-01 12:00' }), bad({ at: '2021-06-01 12:01' })], 1],
    ['not when one row is good', [row()], [bad({ at: '2021-06-01 12:00' })], 0],
    ['not when one row is good and the bad one says no time', [row()], [bad()], 0],
    ['when its rows say no time and nothing else has its number', [], [bad(), bad()], 1],
    ['when only another day’s order of that number is good', [row()], [bad({ at: '2021-06-02 12:00' })], 1],
    [
      'not when its good row is before midnight',
      [row({ at: '2021-06-01 23:50' })],
      [bad({ at: '2021-06-02 00:10' })],
      0,
    ],
    ['not for rows that name no order', [], [bad({ order: undefined, at: '2021-06-01 12:00' })], 0],
  ])('%s', (_promise, sold, rows, lost) => {
    expect(lostOrders(sold, rows)).toBe(lost);
  });
});

describe('the size of an order', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => row({ item: `Taco ${at}`, line: at + 2 }));
  const why = (...rows: SoldItem[]) => toHistory(rows).map(tooLarge);

  test('may be 500 lines, and each 10,000 of one', () => {
    expect(why(...lines(500))).toEqual([undefined]);
    expect(why(row({ quantity: 9_999 }), row())).toEqual([undefined]);
  });

  test('is what keeps it out beyond that', () => {
    expect(why(...lines(501))).toEqual(['has 501 lines, and an order can have 500']);
    expect(why(row({ quantity: 10_000 }), row())).toEqual(['has 10001 of Taco, and a line can have 10000']);
  });

  test('is counted in lines, however many rows they have', () => {
    expect(why(...Array.from({ length: 501 }, () => row()))).toEqual([undefined]);
  });

  test('does not matter to reading: a file may be one order', () => {
    expect(toHistory(Array.from({ length: 200_000 }, (_, at) => row({ line: at + 2 })))).toMatchObject([
      { line: 2, lines: [{ quantity: 200_000 }] },
    ]);
  });
});

test('an order is found in the file where it begins', () => {
  const rows = [row({ order: '8', line: 2 }), row({ line: 5, at: '2021-06-01 12:30' }), row({ line: 9 })];
  expect(toHistory(rows).map(({ number, line }) => [number, line])).toEqual([
    ['8', 2],
    ['7', 5],
  ]);
});
