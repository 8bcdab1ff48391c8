import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewRecipe, NewStockItem, Order } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { ALL_SCOPES } from '@comanda/contracts';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../cli/output.js';
import { derivedId } from '../replay/derived-id.js';
import { data, type Export, exports, type Remembered } from './testing/exports.js';
import { type Ended, PlatformUnderTest, summaryIn } from './testing/running-platform.js';

/** With it a free order falls to a known guest, one bill is paid in cash and by card, and one is given back in part. */
const LUCK = '310';

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
const linesOf = (orders: readonly Remembered[]) => orders.flatMap(([, , ...lines]) => lines);
const totalOf = (lines: readonly (readonly [number, number])[]): number =>
  sum(lines.map(([quantity, price]) => quantity * price));

let platform: PlatformUnderTest;
let api: PooledComanda;
const locations = new Map<string, string>();

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  const demo = await platform.start();
  api = new PooledComanda(demo);
  for (const { shop: name, currency, timeZone } of exports) {
    const { data: location } = await api.POST('/v1/identity/locations', {
      body: {
        id: derivedId('export', name, LUCK),
        name,
        currency,
        timeZone,
        jurisdiction: { code: 'XX' },
        platformFee: { rate: 10_000, fixed: 10 },
      },
    });
    locations.set(name, location.id);
  }
}, 180_000);

afterAll(() => api?.close());

const replay = ({ shop, file, options }: Export, ...more: string[]): Promise<Ended> =>
  platform.run('replay', data(file), ...options, '--location', locations.get(shop) ?? '', ...more);

const byTime = (one: Order, other: Order): number => (one.occurredAt < other.occurredAt ? -1 : 1);

describe.each(exports)('what $shop exports ($file)', (till) => {
  const { file, currency, orders, bad, lost } = till;
  const expected = {
    orders: orders.length,
    lines: linesOf(orders).length,
    items: sum(linesOf(orders).map(([quantity]) => quantity)),
    gross: { amount: totalOf(linesOf(orders)), currency },
    paid: { amount: totalOf(linesOf(orders)), currency },
    skipped: { orders: lost, rows: bad.length },
  };
  const here = () => ({ locationId: locations.get(till.shop) ?? '' });
  const placedOrders = () => collect(api.all('/v1/orders', { query: here() }));
  const menus = () => collect(api.all('/v1/catalog/locations/{locationId}/menus', { path: here() }));

  test('is placed and paid to the unit, and what is bad is reported with its line', async () => {
    const ended = await replay(till, '--json');
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ...expected, placed: orders.length });
    expect(ended.stderr).toBe(bad.map((report) => `${file}:${report}\n`).join(''));
  }, 120_000);

  test('is there as its guests remember it: each order at its time, for what it cost', async () => {
    const placed = (await placedOrders()).toSorted(byTime);
    const remembered = orders.map(([number, at, ...lines]) => [number, at, lines.length, totalOf(lines)] as const);
    expect(
      placed.map(({ externalId, occurredAt, checks }) => [
        externalId,
        new Date(occurredAt).toISOString(),
        checks.flatMap(({ lines }) => lines).length,
        sum(checks.map(({ totals }) => totals.total.amount)),
      ]),
    ).toEqual(remembered.toSorted(([, one], [, other]) => (one < other ? -1 : 1)));
    for (const order of placed) expect(order).toMatchObject({ status: 'completed', paymentStatus: 'paid' });
  });

  test('is not placed twice: a second run changes nothing, and says so', async () => {
    const before = [await placedOrders(), await menus()];
    const again = await replay(till);
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(summaryIn(again)).toMatchObject({ ...expected, placed: 0 });
    expect(again.stderr).toContain('nothing was changed');
    expect([await placedOrders(), await menus()]).toEqual(before);
  }, 120_000);

  test('ends with 1 where nothing may be left out and something was', async () => {
    const strict = await replay(till, '--strict');
    expect(strict.code).toBe(bad.length > 0 ? 1 : 0);
    if (bad.length > 0) expect(strict.stderr).toMatch(/\nSome of it was left out\.\n$/);
  }, 120_000);
});

describe('afterwards', () => {
  test('everybody agrees', async () => {
    const audit = await platform.run('audit', '--json');
    expect(audit, audit.stdout + audit.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(audit.stdout)).toMatchObject({ holds: true });
  }, 120_000);

  test('the chain can publish all its menus, and none has changed', async () => {
    const { data: published } = await api.POST('/v1/catalog/publish');
    expect(published.publications).toHaveLength(3 + exports.length);
    expect(published.publications.filter(({ changed }) => changed)).toEqual([]);
  });

  test('two things may have one title, and each has its own ingredients', async () => {
    const path = { locationId: locations.get('Taquería Lavapiés') ?? '' };
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path });
    const tacos = menu.items.filter(({ name }) => name['en'] === 'Taco');
    const sold = tacos.map(({ variations }) => variations.map(({ sku, price }) => `${sku} ${price}`).join(', '));
    expect(new Set(sold)).toEqual(
      new Set(['Taco al pastor:Regular 280', 'Taco de suadero:Regular 300, Taco de suadero:Regular (2) 240']),
    );
    const recipes = await collect(api.all('/v1/inventory/recipes'));
    expect(tacos.map(({ variations }) => recipes.some(({ variationId }) => variationId === variations[0]?.id))).toEqual(
      [true, true],
    );
  });
});

describe('a menu that somebody made by hand', () => {
  test('keeps its codes, names, recipes and other prices, and gets what it lacks', async () => {
    const { data: made } = await api.POST('/v1/catalog/items', {
      body: {
        name: { en: 'Espresso', it: 'Caffè' },
        present: false,
        variations: [{ name: { en: 'Regular' }, sku: 'PLU-7', prices: { USD: 2_00, CAD: 3_00 } }],
      },
    });
    const keep = async (name: string, unit: NewStockItem['unit']) =>
      (await api.POST('/v1/inventory/stock-items', { body: { name, unit } })).data.id;
    const beans = await keep('Beans', 'g');
    await keep('Milk', 'ml');
    const recipe: NewRecipe = {
      of: 'variation',
      itemId: made.id,
      variationId: made.variations[0]?.id ?? '',
      components: [{ stockItemId: beans, quantity: { amount: 7, unit: 'g' } }],
    };
    await api.PUT('/v1/inventory/recipes', { body: { recipes: [recipe] } });
    await writeFile(join(platform.folder, 'espresso.items.csv'), 'name,ingredients\nCaffè,Sugar; Milk\n');
    const file = join(platform.folder, 'espresso.csv');
    await writeFile(
      file,
      'id,date,time,name,size,type,price\nE-1,2024-05-01,12:00:00,CAFFÈ,,,2.75\nE-1,2024-05-01,12:00:00,Caffè,Doppio,,4.00\n',
    );
    const more = ['--items', 'espresso.items.csv', '--location', locations.get('Café Olé') ?? '', '--json'];
    const ended = await platform.run('replay', file, ...more);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      orders: 1,
      lines: 2,
      gross: { amount: 6_75, currency: 'CAD' },
      stockMovements: 2,
    });
    const { data: item } = await api.GET('/v1/catalog/items/{id}', { path: { id: made.id } });
    expect(item.name).toEqual(made.name);
    expect(item.variations.map(({ sku, prices }) => [sku, prices])).toEqual([
      ['PLU-7', { USD: 2_00, CAD: 2_75 }],
      ['CAFFÈ:Doppio', { CAD: 4_00 }],
    ]);
    const recipes = (await collect(api.all('/v1/inventory/recipes'))).filter(({ itemId }) => itemId === made.id);
    const parts = recipes.map(({ variationId, components }) => [
      item.variations.find(({ id }) => id === variationId)?.sku,
      components.length,
      components.some(({ stockItemId }) => stockItemId === beans),
    ]);
    expect(new Map(parts.map(([code, ...rest]) => [code, rest]))).toEqual(
      new Map([
        ['PLU-7', [1, true]],
        ['CAFFÈ:Doppio', [1, false]],
      ]),
    );
  }, 60_000);
});

describe('what cannot be read', () => {
  const text = (content: string, encoding: BufferEncoding = 'utf8') => Buffer.from(content, encoding);
  const header = 'id,date,time,name,size,type,price\n';
  const good = '1,2024-05-01,12:00:00,Tea,,,2.00\n';

  const files: readonly [name: string, bytes: Buffer][] = [
    ['empty.csv', text('')],
    ['blank.csv', text('\r\n\r\n,,,\r\n')],
    ['header.csv', text(header)],
    ['workbook.xlsx', text('PK\u0003\u0004\u0014\u0000')],
    ['picture.png', text('\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'latin1')],
    ['good.csv', text(header + good)],
    ['future.csv', text(header + good.replace('2024', '2124'))],
    ['semicolons.json', text('{"delimiter":";"}')],
    ['wrong-column.json', text('{"columns":{"order":"Ticket"}}')],
    ['wrong-key.json', text('{"colums":{}}')],
    ['wrong-format.json', text('{"dateFormat":"DD/MM/YYYY"}')],
    ['no.json', text('{ "columns": ')],
    ['latin.json', text('{"columns":{"quantity":"Qté"}}', 'latin1')],
    ['no-names.csv', text('title\nTea\n')],
  ];

  beforeAll(async () => {
    for (const [name, bytes] of files) await writeFile(join(platform.folder, name), bytes);
  });

  test.each<[command: string, sentence: string]>([
    ['nowhere.csv', 'There is no file nowhere.csv.'],
    ['.', '. is a folder, not a file.'],
    ['empty.csv', 'empty.csv is empty.'],
    ['blank.csv', 'blank.csv is empty.'],
    ['workbook.xlsx', 'workbook.xlsx is a workbook or an archive: save the table as CSV.'],
    ['picture.png', 'picture.png is no text in utf-8.'],
    ['good.csv --map nowhere.json', 'There is no file nowhere.json.'],
    ['good.csv --map no.json', 'no.json is not JSON: '],
    ['good.csv --map latin.json', 'latin.json is not in utf-8: save it as UTF-8.'],
    ['good.csv --map wrong-key.json', 'wrong-key.json: mapping: Unrecognized key: "colums"'],
    ['good.csv --map wrong-format.json', 'wrong-format.json: "DD/MM/YYYY HH:mm:ss" holds letters that are no tokens'],
    [
      'good.csv --map wrong-column.json',
      'good.csv:1:Ticket: there is no such column; there are id, date, time, name, size, type, price',
    ],
    [
      'good.csv --map semicolons.json',
      'good.csv:1:id: there is no such column; there are id,date,time,name,size,type,price; is ";" what separates them?',
    ],
    ['good.csv --items nowhere.csv', 'There is no file nowhere.csv.'],
    ['good.csv --items no-names.csv', 'no-names.csv:1:name: there is no such column; there are title'],
    ['good.csv --location nowhere', 'There is no location nowhere.'],
    ['good.csv --key wrong', '401 credential_invalid'],
  ])('replay %s: one sentence, and 1', async (command, sentence) => {
    const ended = await platform.run('replay', ...command.split(' '), '--json');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each<[command: string, sentences: string[]]>([
    ['header.csv', ['header.csv has no rows below its header.']],
    [
      'future.csv',
      [
        'future.csv:2:date: is in the future',
        'Nothing could be placed: not one row of future.csv can be read as the mapping says.',
      ],
    ],
    ['good.csv --from 2024-06-01', ['good.csv has no orders on these days.']],
  ])('replay %s: a summary of nothing, why, and 1', async (command, sentences) => {
    const ended = await platform.run('replay', ...command.split(' '), '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ orders: 0, placed: 0 });
    expect(ended.stderr.trimEnd().split('\n')).toEqual(sentences);
  });

  test('a key that may not place orders is one sentence, not one for each order', async () => {
    const scopes = ALL_SCOPES.filter((scope) => scope !== 'orders:write');
    const { data: made } = await api.POST('/v1/identity/keys', { body: { name: 'Looks on', scopes } });
    const file = join(platform.folder, 'three.csv');
    await writeFile(file, header + [1, 2, 3].map((order) => good.replace('1', String(order))).join(''));
    await eventually(
      async () => {
        const ended = await platform.run('replay', file, '--key', made.key ?? '', '--json');
        expect(ended).toMatchObject({ code: 1, stdout: '' });
        expect(ended.stderr).toMatch(/^[^\n]*POST \/v1\/orders: 403 scope_missing[^\n]*\n$/);
      },
      { within: 20_000 },
    );
  }, 30_000);

  test.each(['--from yesterday', '--to 2024-02-30', '--concurrency 0', '--strictly'])(
    'replay %s was mistyped: 2',
    async (options) => {
      expect(await platform.run('replay', ...options.split(' '))).toMatchObject({ code: 2, stdout: '' });
    },
  );
});

describe('an order that is too large', () => {
  test('is reported by its number and line, and the others are placed', async () => {
    const rows = Array.from({ length: 501 }, (_, at) => `B-2,2024-05-01,12:00:00,Dish ${at},,,1.00`);
    const file = join(platform.folder, 'banquet.csv');
    const text = ['id,date,time,name,size,type,price', 'B-1,2024-05-01,11:00:00,Dish 0,,,1.00', ...rows].join('\r\n');
    await writeFile(file, text);
    const ended = await platform.run('replay', file, '--location', locations.get('Diwan') ?? '', '--json');
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stderr).toBe('banquet.csv:3:id: order B-2 has 501 lines, and an order can have 500\n');
    expect(JSON.parse(ended.stdout)).toMatchObject({ orders: 1, lines: 1, placed: 1, skipped: { orders: 1, rows: 0 } });
  }, 60_000);
});
