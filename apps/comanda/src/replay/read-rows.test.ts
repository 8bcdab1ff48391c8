import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundled } from '../demo/bundled.js';
import { lostOrders, toHistory } from './history.js';
import { readMapping } from './mapping.js';
import { type Place, readRows } from './read-rows.js';
import type { SoldItem } from './sold-item.js';

const chicago: Place = { timeZone: 'America/Chicago', currency: 'USD' };
const rome: Place = { timeZone: 'Europe/Rome', currency: 'EUR' };

const file = (name: string) => readFileSync(fileURLToPath(new URL(`../../test-data/${name}`, import.meta.url)));
const mappingIn = (name: string) => readMapping(file(name).toString('utf8'), name);

/** Reads a text, its columns named in its first line. */
const read = (text: string, mapping: object = {}, place = chicago) =>
  readRows(Buffer.from(text), readMapping(JSON.stringify(mapping)), place, 'till.csv');

/** As on a receipt: `order date time quantity × item (variation, category) price`. */
const written = ({ order, date, time, quantity, item, variation, category, price }: SoldItem) =>
  `${order} ${date} ${time} ${quantity} × ${item} (${variation}, ${category}) ${price}`;

const reported = ({ bad }: ReturnType<typeof readRows>) =>
  bad.map(({ line, column, what }) => `${line}:${column}: ${what}`);

const gross = (sold: readonly SoldItem[]) => sold.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
const items = (sold: readonly SoldItem[]) => sold.reduce((sum, { quantity }) => sum + quantity, 0);

describe('the bundled year', () => {
  const { sold, bad } = readRows(readFileSync(bundled.orders), readMapping(undefined), chicago, 'orders.csv');

  test('is 21,350 orders of 48,620 lines and 49,574 pizzas, 817,860.05 in all', () => {
    const history = toHistory(sold);
    expect(bad).toEqual([]);
    expect(sold).toHaveLength(49_574);
    expect(history).toHaveLength(21_350);
    expect(history.flatMap(({ lines }) => lines)).toHaveLength(48_620);
    expect(items(sold)).toBe(49_574);
    expect(gross(sold)).toBe(817_860_05);
  });

  test('has a January of 1,845 orders and 4,232 pizzas, 69,793.30 in all', () => {
    const january = sold.filter(({ date }) => date.startsWith('2015-01'));
    expect(toHistory(january)).toHaveLength(1_845);
    expect(items(january)).toBe(4_232);
    expect(gross(january)).toBe(69_793_30);
  });
});

describe('another menu', () => {
  test('in the same columns, with quantities, and things that have no size or category', () => {
    const { sold, bad } = readRows(file('taqueria.csv'), readMapping(undefined), chicago, 'taqueria.csv');
    expect(bad).toEqual([]);
    expect(sold.map(written)).toEqual([
      'T-1 2021-06-01 12:00:05 3 × Taco al pastor (Regular, tacos) 325',
      'T-1 2021-06-01 12:00:05 1 × Horchata (Grande, drinks) 400',
      'T-2 2021-06-01 12:10:00 1 × Horchata (Chica, drinks) 250',
      'T-2 2021-06-01 12:10:00 1 × Taco al pastor (Regular, tacos) 325',
      'T-2 2021-06-01 12:10:00 2 × Taco al pastor (Regular, tacos) 325',
      'T-3 2021-06-01 23:59:59 10 × Salsa: roja, verde (Regular, null) 0',
    ]);
    expect(toHistory(sold).map(({ lines }) => lines.length)).toEqual([2, 2, 1]);
  });
});

describe('an export in Windows-1252', () => {
  const result = readRows(file('trattoria.csv'), mappingIn('trattoria.mapping.json'), rome, 'trattoria.csv');

  test('with a title, semicolons, decimal commas, days before months and hours with a dot', () => {
    expect(result.sold.map(written)).toEqual([
      '0001 2019-03-01 12:31:00 2 × Caffè (Regular, Bar) 120',
      '0001 2019-03-01 12:31:00 1 × Tiramisù (Regular, Dolci) 550',
      '0002 2019-03-01 12:40:00 1 × Pizza Margherita (Maxi, Pizze) 1200',
      '0002 2019-03-01 12:40:00 1 × Pizza "Quattro Stagioni" (Normale, Pizze) 950',
      '0003 2019-03-01 13:05:00 1 × Banchetto (40 coperti) (Regular, Cucina) 125000',
      '0001 2019-03-02 09:15:00 1 × Caffè (Regular, Bar) 120',
      '0001 2019-03-02 09:15:00 3 × Cornetto (Regular, Bar) 110',
      '0002 2019-03-31 03:30:00 1 × Caffè (Regular, Bar) 120',
    ]);
    expect(toHistory(result.sold)).toHaveLength(5);
  });

  test('reports a half, a return and the total below', () => {
    expect(reported(result)).toEqual([
      '8:Quantità: "0,500" is no whole number',
      '10:Quantità: -1 is not above zero',
      '14:Scontrino: is empty',
    ]);
    expect(lostOrders(result.sold, result.bad)).toBe(0);
  });
});

describe('an export in UTF-8', () => {
  test('with a mark before it, months by name, AM and PM, dollars, and line breaks within cells', () => {
    const { sold, bad } = readRows(file('takeaway.csv'), mappingIn('takeaway.mapping.json'), chicago, 'takeaway.csv');
    expect(bad).toEqual([]);
    expect(sold.map(written)).toEqual([
      '16118 2019-08-03 20:25:00 2 × Naan (plain) (Regular, null) 295',
      '16118 2019-08-03 20:25:00 1 × Crème brûlée (Regular, null) 550',
      '16117 2019-08-03 12:05:00 1 × Platter, "Maharaja" for twelve (Regular, null) 112000',
      '16116 2019-08-02 00:10:00 1 × Mango Chutney (Regular, null) 50',
      '16118 2019-08-03 20:25:00 1 × Onion Bhaji (Regular, null) 395',
      '16116 2019-08-02 00:10:00 1 × Naan (plain) (Regular, null) 295',
      '16116 2019-08-02 00:10:00 1 × Naan (plain) (Regular, null) 245',
    ]);
    expect(toHistory(sold).map(({ number, lines }) => [number, lines.length])).toEqual([
      ['16116', 3],
      ['16117', 1],
      ['16118', 3],
    ]);
  });

  test('with tabs, French months, years of two digits, narrow spaces and euros behind', () => {
    const paris = { timeZone: 'Europe/Paris', currency: 'EUR' };
    const { sold, bad } = readRows(file('brasserie.tsv'), mappingIn('brasserie.mapping.json'), paris, 'brasserie.tsv');
    expect(bad).toEqual([]);
    expect(sold.map(written)).toEqual([
      '1 2020-02-05 12:31:00 1 × Œufs mimosa (Regular, null) 650',
      '1 2020-02-05 12:31:00 2 × Pichet de rosé (Regular, null) 1100',
      '2 2020-02-05 12:44:00 1 × Plateau royal (Regular, null) 114990',
      '3 2020-03-29 03:15:00 3 × Œufs mimosa (Regular, null) 690',
      '4 2020-12-31 23:50:00 1 × Pichet de rosé (Regular, null) 1100',
      '4 2021-01-01 00:10:00 1 × Œufs mimosa (Regular, null) 690',
    ]);
    expect(toHistory(sold)).toHaveLength(4);
  });
});

describe('an encoding', () => {
  test('that is not the file’s costs the rows in which it shows, and says so', () => {
    const result = readRows(file('wrong-encoding.csv'), readMapping(undefined), chicago, 'wrong-encoding.csv');
    expect(result.sold.map(({ item }) => item)).toEqual(['Tea']);
    expect(reported(result)).toEqual(['2:name: is not in utf-8', '4:name: is not in utf-8']);
    const right = readRows(file('wrong-encoding.csv'), readMapping('{"encoding":"windows-1252"}'), chicago, 'x.csv');
    expect(right.sold.map(({ item }) => item)).toEqual(['Café', 'Tea', 'Crème']);
  });

  test('is what a byte order mark says it is', () => {
    const text = '\ufeffid,date,time,name,price\n1,2021-06-01,12:00:00,Café ₤,2.50\n';
    const littleEndian = Buffer.from(text, 'utf16le');
    for (const bytes of [Buffer.from(text), littleEndian, Buffer.from(littleEndian).swap16()]) {
      const { sold } = readRows(bytes, readMapping('{"encoding":"windows-1252"}'), chicago, 'till.csv');
      expect(sold.map(({ item }) => item)).toEqual(['Café ₤']);
    }
  });

  test('that an earlier program did not know left signs that are kept', () => {
    const { sold } = read('id,date,time,name,price\n1,2021-06-01,12:00:00,Caf\ufffd,2.50\n');
    expect(sold.map(({ item }) => item)).toEqual(['Caf\ufffd']);
  });
});

describe('bad rows', () => {
  const result = readRows(file('bad-rows.csv'), readMapping(undefined), chicago, 'bad-rows.csv');

  test('are each reported with the line on which they begin', () => {
    expect(reported(result)).toEqual([
      '3:name: is empty',
      '4:price: "3.2S" is no price in USD',
      '5:quantity: -1 is not above zero',
      '7:quantity: "1.5" is no whole number',
      '8:price: is empty',
      '9:date: "2021-02-30" is no time written as yyyy-MM-dd',
      '10:time: "25:05:00" is no time written as HH:mm:ss',
      '11:id: is empty',
      '12:quantity: 0 is not above zero',
      '14:quantity: is empty',
      '15:9: stands beyond the last column',
      '16:name: opens a quote that is not closed',
      '20:date: is empty',
    ]);
  });

  test('leave the good rows of their orders', () => {
    expect(result.sold.map(written)).toEqual([
      '1 2021-06-01 12:00:00 1 × Taco (Regular, tacos) 325',
      '4 2021-06-01 12:10:00 2 × 12" tostada (Regular, tostadas) 750',
      '4 2021-06-01 12:10:00 2 × Horchata (Regular, drinks) 250',
    ]);
  });

  test('lose the orders of which none is good', () => {
    expect(lostOrders(result.sold, result.bad)).toBe(3);
  });

  test.each<[cell: string, row: string, report: string]>([
    ['an empty price', '1,2021-06-01,12:00:00,Taco,', 'price: is empty'],
    ['a price below zero', '1,2021-06-01,12:00:00,Taco,-1.00', 'price: -1.00 is below zero'],
    ['a price beyond reason', '1,2021-06-01,12:00:00,Taco,100000000.01', 'price: 100000000.01 is too much'],
    ['a fraction of a cent', '1,2021-06-01,12:00:00,Taco,1.005', 'price: "1.005" is no price in USD'],
    ['a decimal comma unforeseen', '1,2021-06-01,12:00:00,Taco,"1,50"', 'price: "1,50" is no price in USD'],
    ['an empty time', '1,2021-06-01,,Taco,1.00', 'time: is empty'],
    ['an empty day', '1,,12:00:00,Taco,1.00', 'date: is empty'],
    [
      'a day before there were tills',
      '1,1899-12-30,12:00:00,Taco,1.00',
      'date: "1899-12-30" is no time written as yyyy-MM-dd',
    ],
    ['nothing but spaces', '1,2021-06-01,12:00:00, \u00a0 ,1.00', 'name: is empty'],
    ['a novel', `1,2021-06-01,12:00:00,${'Taco'.repeat(126)},1.00`, 'name: is longer than 500 characters'],
    [
      'a price of many words',
      `1,2021-06-01,12:00:00,Taco,${'one '.repeat(12)}`,
      `price: "${'one '.repeat(10)}…" is no price in USD`,
    ],
  ])('%s', (_cell, row, report) => {
    expect(reported(read(`id,date,time,name,price\n${row}\n`))).toEqual([`2:${report}`]);
  });

  test('are those of days that have not come', () => {
    const text = 'id,date,time,name,price\n1,2021-06-01,12:06:00,Taco,1\n2,2021-06-01,12:05:00,Taco,1\n';
    const now = new Date('2021-06-01T17:00:00Z');
    const result = readRows(Buffer.from(text), readMapping(undefined), chicago, 'till.csv', now);
    expect(result.sold.map(({ order }) => order)).toEqual(['2']);
    expect(reported(result)).toEqual(['2:date: is in the future']);
  });

  test('say what they can of their order', () => {
    const { bad } = read('id,date,time,name,price\n7,2021-06-01,12:00:00,,1\n8,never,12:00:00,,1\n,,,Taco,1\n');
    expect(bad.map(({ order, when }) => [order, when?.date])).toEqual([
      ['7', '2021-06-01'],
      ['8', undefined],
      [undefined, undefined],
    ]);
  });
});

describe('a quantity', () => {
  test.each([
    ['2', 2],
    ['2.0', 2],
    ['2,0', 2],
    ['2,000', 2],
    ['+2', 2],
    ['10000', 10_000],
  ])('of %s is %d, whatever the mark in prices', (text, quantity) => {
    for (const decimal of ['.', ',']) {
      const { sold } = read(`id,date,time,name,price,quantity\n1,2021-06-01,12:00:00,Taco,1,"${text}"\n`, { decimal });
      expect(sold.map((row) => row.quantity)).toEqual([quantity]);
    }
  });

  test.each(['', '0', '-2', '\u22122', '0.5', '1,200', 'two', '10001', '1e3'])('of %j is refused', (text) => {
    const { sold, bad } = read(`id,date,time,name,price,quantity\n1,2021-06-01,12:00:00,Taco,1,"${text}"\n`);
    expect(sold).toEqual([]);
    expect(bad.map(({ column }) => column)).toEqual(['quantity']);
  });

  test('is one where there is no such column', () => {
    expect(read('id,date,time,name,price\n1,2021-06-01,12:00:00,Taco,1\n').sold[0]?.quantity).toBe(1);
  });
});

test('a name typed in several ways is one name', () => {
  const names = [
    'Cafe\u0301  con leche',
    'Caf\u00e9 con\u00a0leche ',
    ' Caf\u00e9\tcon leche',
    'Caf\u00e9\u0000con leche',
  ];
  const rows = names.map((name) => `1,2021-06-01,12:00:00,${name},1`);
  expect(new Set(read(['id,date,time,name,price', ...rows].join('\n')).sold.map(({ item }) => item)).size).toBe(1);
});

test.each([
  ['JPY', '1,200', 1_200],
  ['KWD', '1.255', 1_255],
  ['IDR', '45000', 45_000_00],
])('a price in %s has the digits of its currency', (currency, text, price) => {
  const { sold } = read(
    `id,date,time,name,price\n1,2021-06-01,12:00:00,Taco,"${text}"\n`,
    {},
    { ...chicago, currency },
  );
  expect(sold.map((row) => row.price)).toEqual([price]);
});

describe('the columns', () => {
  test('may stand in any order, among others, their names spaced anyhow', () => {
    const { sold } = read('waiter,price,\u00a0name ,Time Of  Day,date,id\nAnn,1.00,Taco,12:00:00,2021-06-01,7\n', {
      columns: { time: ' Time  Of Day' },
    });
    expect(sold.map(written)).toEqual(['7 2021-06-01 12:00:00 1 × Taco (Regular, null) 100']);
  });

  test('may be called so in other letters, unless that could be two of them', () => {
    const { sold } = read('ID,Date,TIME,Name,Price,QUANTITY\n7,2021-06-01,12:00:00,Taco,1.00,3\n');
    expect(sold.map(written)).toEqual(['7 2021-06-01 12:00:00 3 × Taco (Regular, null) 100']);
    expect(read('id,date,time,name,Price,price,PRICE\n7,2021-06-01,12:00:00,Taco,1,2,3\n').sold[0]?.price).toBe(2_00);
    expect(() => read('id,date,time,name,Price,PRICE\n')).toThrow(
      'till.csv:1:price: there are two columns of this name',
    );
  });

  test('that nobody named are not there when they are there twice', () => {
    const { sold } = read('id,date,time,name,price,quantity,quantity\n7,2021-06-01,12:00:00,Taco,1.00,3,4\n');
    expect(sold.map(({ quantity }) => quantity)).toEqual([1]);
  });

  test.each<[promise: string, text: string, sentence: string]>([
    [
      'must all be there',
      'id,date,time,name,cost\n',
      'till.csv:1:price: there is no such column; there are id, date, time, name, cost',
    ],
    ['must be separated as the mapping says', 'id;date;time;name;price\n', 'is "," what separates them?'],
    [
      'must not be there twice',
      'id,date,time,name,price,price\n',
      'till.csv:1:price: there are two columns of this name',
    ],
    ['are there at least', '', 'till.csv is empty'],
  ])('%s', (_promise, text, sentence) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'CommandFailure', message: expect.stringContaining(sentence) }),
    );
  });
});

describe('a file that is no text', () => {
  test.each<[what: string, bytes: Buffer, sentence: string]>([
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004\u0014\u0000\u0006'),
      'is a workbook or an archive: save the table as CSV.',
    ],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), 'is no text in utf-8.'],
    [
      'two bytes a sign',
      Buffer.from('id,date,time,name,price\n', 'utf16le'),
      'is no text in utf-8; utf-16le may be its encoding.',
    ],
    [
      'the other way round',
      Buffer.from('id,date,time,name\n', 'utf16le').swap16(),
      'is no text in utf-8; utf-16be may be its encoding.',
    ],
  ])('such as %s is refused in one sentence', (_what, bytes, sentence) => {
    expect(() => readRows(bytes, readMapping(undefined), chicago, 'till.csv')).toThrow(
      expect.objectContaining({ name: 'CommandFailure', message: `till.csv ${sentence}` }),
    );
  });
});

const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));

describe('whatever is in the file', () => {
  const columns = ['id', 'date', 'time', 'name', 'size', 'type', 'price', 'quantity'];
  const good = (order: number) => `${order},2021-06-01,12:00:00,Taco,,tacos,3.25,1`;
  const nonsense = fc.oneof(
    fc.string({ unit: oneOf('abé1290.,-;:"\' \t\u0000\ufffd$€'), maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n"]/g, '')),
    fc
      .array(fc.constantFrom('', '1', '2021-06-01', '12:00:00', 'Taco', '3.25', '-1', 'x', '""', '"'), {
        minLength: 6,
        maxLength: 9,
      })
      .map((cells) => cells.join(',')),
  );

  test('good rows are read, bad ones reported on their lines, and none is both', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(nonsense, fc.constant(null)), { maxLength: 12 }), (lines) => {
        const text = [columns.join(','), ...lines.map((line, at) => line ?? good(at + 1_000))].join('\n');
        const { sold, bad } = read(text.replaceAll('"', ''));
        const wanted = lines.flatMap((line, at) => (line === null ? [String(at + 1_000)] : []));
        expect(sold.map(({ order }) => order).filter((order) => Number(order) >= 1_000)).toEqual(wanted);
        for (const { line } of bad) expect(lines[line - 2]).toBeTypeOf('string');
        expect(sold.length + bad.length).toBeLessThanOrEqual(lines.length);
      }),
      { seed: 3, numRuns: 3_000 },
    );
  });

  test('it is read without a throw, quotes and all', () => {
    fc.assert(
      fc.property(
        fc.array(nonsense, { maxLength: 12 }),
        fc.constantFrom('utf-8', 'windows-1252', 'shift_jis'),
        (lines, encoding) => {
          const { sold } = read([columns.join(','), ...lines].join('\r\n'), { encoding });
          for (const row of sold) {
            expect(row.quantity).toBeGreaterThan(0);
            expect(row.price).toBeGreaterThanOrEqual(0);
            expect(Number.isSafeInteger(row.price)).toBe(true);
            expect(row.date).toMatch(/^\d{4}-\d\d-\d\d$/);
          }
        },
      ),
      { seed: 3, numRuns: 3_000 },
    );
  });
});
