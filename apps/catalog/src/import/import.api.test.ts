import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;
/** What makes the names and codes of one test its own. */
let own: string;

beforeAll(async () => {
  it = await testService(catalog);
});
beforeEach(() => {
  own = newId().slice(-6);
});

const importing = (csv: string | Buffer, query = '', options: { key?: string; idempotencyKey?: string } = {}) =>
  it.call('post', `/v1/catalog/import${query}`, options).set('content-type', 'text/csv').send(csv);
const menu = (price = '13.25') =>
  [
    'sku,item,category,variation,price,currency',
    `${own}-m,Hawaiian ${own},Classic ${own},M,${price},USD`,
    `${own}-l,Hawaiian ${own},Classic ${own},L,16.50,USD`,
    `,Water ${own},,,2.00,USD`,
    `,Water ${own},,,1.80,EUR`,
  ].join('\n');
const drafted = async (path: string) => {
  const { body } = await it.call('get', `/v1/catalog/${path}?limit=200`).expect(200);
  return body.data.filter(({ name }: { name: object }) => JSON.stringify(name).includes(own));
};
const stored = async (): Promise<unknown> =>
  (await it.sql.query('select sum(version)::int as versions, count(*)::int as objects from catalog_objects')).rows;

describe('200', () => {
  test('a menu is drafted from a spreadsheet, and can be published', async () => {
    const { body } = await importing(menu()).expect(200);
    expect(body).toMatchObject({
      dryRun: false,
      lines: 4,
      categories: { created: 1, changed: 0, unchanged: 0 },
      items: { created: 2, changed: 0, unchanged: 0 },
      variations: { created: 3, changed: 0, unchanged: 0 },
    });
    const [classic] = await drafted('categories');
    expect(await drafted('items')).toMatchObject([
      {
        name: { en: `Hawaiian ${own}` },
        categoryId: classic.id,
        variations: [
          { name: { en: 'M' }, sku: `${own}-m`, prices: { USD: 13_25 } },
          { name: { en: 'L' }, sku: `${own}-l`, prices: { USD: 16_50 } },
        ],
        version: 1,
      },
      { name: { en: `Water ${own}` }, variations: [{ name: { en: 'Regular' }, prices: { USD: 2_00, EUR: 1_80 } }] },
    ]);
    const { id } = await it.makeLocation();
    await it.call('post', `/v1/catalog/locations/${id}/publish`).expect(200);
    const { body: published } = await it.call('get', `/v1/catalog/locations/${id}/menu`).expect(200);
    expect(published.items.map(({ name }: { name: { en: string } }) => name.en)).toEqual(
      expect.arrayContaining([`Hawaiian ${own}`, `Water ${own}`]),
    );
  });

  test('the same file again changes nothing', async () => {
    await importing(menu()).expect(200);
    const before = await stored();
    const { body } = await importing(menu()).expect(200);
    expect(body).toMatchObject({
      changes: [],
      categories: { created: 0, unchanged: 1 },
      items: { created: 0, changed: 0, unchanged: 2 },
      variations: { created: 0, changed: 0, unchanged: 3 },
    });
    expect(await stored()).toEqual(before);
  });

  test('what differs is changed, under the next version, and said', async () => {
    await importing(menu()).expect(200);
    const { body } = await importing(menu('14.00')).expect(200);
    expect(body).toMatchObject({
      variations: { created: 0, changed: 1, unchanged: 2 },
      changes: [
        { line: 2, kind: 'variation', name: `Hawaiian ${own} (M)`, field: 'price', from: '13.25 USD', to: '14.00 USD' },
      ],
    });
    expect(await drafted('items')).toMatchObject([
      { version: 2, variations: [{ prices: { USD: 14_00 } }, {}] },
      { version: 1 },
    ]);
  });

  test('a dry run says what would change, and changes nothing', async () => {
    await importing(menu()).expect(200);
    const before = await stored();
    const idempotencyKey = newId();
    const { body: said } = await importing(menu('14.00'), '?dryRun=true', { idempotencyKey }).expect(200);
    expect(said).toMatchObject({ dryRun: true, variations: { changed: 1 } });
    expect(await stored()).toEqual(before);
    expect((await importing(menu('14.00'), '', { idempotencyKey }).expect(422)).body.code).toBe(
      'idempotency_key_reused',
    );
    const { body: done } = await importing(menu('14.00')).expect(200);
    expect(done).toEqual({ ...said, dryRun: false });
  });

  test('a repeat with the same key is answered as before', async () => {
    const idempotencyKey = newId();
    const { body: first } = await importing(menu(), '', { idempotencyKey }).expect(200);
    const { body: second, headers } = await importing(menu(), '', { idempotencyKey }).expect(200);
    expect(second).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
    expect((await importing(menu('15.00'), '', { idempotencyKey }).expect(422)).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  test('decimal commas, semicolons, another encoding, columns and a language of its own', async () => {
    // The euro sign is the byte 0x80 there.
    const csv = Buffer.from(`Prodotto;Prezzo\nCaffè ${own};\u0080 1,20\n`, 'latin1');
    const query = new URLSearchParams({
      delimiter: ';',
      decimal: ',',
      encoding: 'windows-1252',
      itemColumn: 'Prodotto',
      priceColumn: 'Prezzo',
      currency: 'EUR',
      language: 'it',
    });
    await importing(csv, `?${query.toString()}`).expect(200);
    expect(await drafted('items')).toMatchObject([
      { name: { it: `Caffè ${own}` }, variations: [{ prices: { EUR: 1_20 } }] },
    ]);
  });

  test('five hundred items are a handful of statements, and quick', async () => {
    const csv = [
      'item,variation,price',
      ...Array.from({ length: 1_500 }, (_, n) => `Dish ${own} ${n % 500},${n % 3},${n}.00`),
    ].join('\n');
    const { body } = await importing(csv, '?currency=USD', { key: it.other.key }).expect(200);
    expect(body).toMatchObject({ lines: 1_500, items: { created: 500 }, variations: { created: 1_500 } });
    expect(body.changes).toHaveLength(500);
    const { rows } = await it.sql.query(
      `select count(*)::int as items, sum(jsonb_array_length(data->'variations'))::int as variations
       from catalog_objects where data::text like $1`,
      [`%Dish ${own}%`],
    );
    expect(rows).toEqual([{ items: 500, variations: 1_500 }]);
  });

  test('what is moved from one variation to another by its code stays unique', async () => {
    await importing(menu()).expect(200);
    const swapped = ['sku,item,variation,price', `${own}-x,Hawaiian ${own},M,13.25`, `${own}-m,Cola ${own},,3.00`].join(
      '\n',
    );
    await importing(swapped, '?currency=USD').expect(200);
    const items = await drafted('items');
    const codes = items.flatMap(({ variations }: { variations: { sku: string | null }[] }) =>
      variations.map(({ sku }) => sku),
    );
    expect(codes).toEqual([`${own}-x`, `${own}-l`, null, `${own}-m`]);
  });
});

describe('422', () => {
  test('one bad line, and nothing is imported', async () => {
    const before = await stored();
    const { body } = await importing(`${menu()}\n,Wine ${own},,Glass,twelve,USD\n,,,,1,USD`).expect(422);
    expect(body).toMatchObject({
      code: 'import_invalid',
      errors: [
        { pointer: 'line/6/price', detail: 'twelve is not an amount of USD.' },
        { pointer: 'line/7/item', detail: 'Is missing.' },
      ],
    });
    expect(await stored()).toEqual(before);
  });

  test('lines that contradict one another are told', async () => {
    const { body } = await importing(`${menu()}\n${own}-m,Hawaiian ${own},,M,99,USD`).expect(422);
    expect(body).toMatchObject({
      code: 'import_invalid',
      errors: [{ pointer: 'line/6/price', detail: 'Line 2 has another price for the same variation.' }],
    });
  });
});

describe('409', () => {
  test('a code that another kind of thing has taken is refused whole', async () => {
    await importing(menu()).expect(200);
    const [item] = await drafted('items');
    await it.sql.query(`update catalog_objects set data = jsonb_set(data, '{variations}', '[]') where id = $1`, [
      item.id,
    ]);
    const before = await stored();
    const taken = `sku,item,price\n${own}-m,Elsewhere ${own},1.00`;
    expect((await importing(taken, '?currency=USD').expect(409)).body.code).toBe('sku_taken');
    expect(await stored()).toEqual(before);
  });
});

describe('400, 403 and 415', () => {
  test('parameters that are none are refused', async () => {
    for (const query of ['?decimal=x', '?delimiter=%23', '?encoding=latin9', '?dryRun=perhaps', '?columns=a'])
      expect((await importing(menu(), query).expect(400)).body.code).toBe('malformed_request');
    const json = it.call('post', '/v1/catalog/import').send({ sku: 'a' });
    expect([400, 415]).toContain((await json).status);
  });

  test('a credential without the scope, or for one location, imports nothing', async () => {
    const reader = await it.makeKey({ scopes: ['catalog:read'] });
    expect((await importing(menu(), '', { key: reader }).expect(403)).body.code).toBe('scope_missing');
    const bound = await it.makeKey({ locationIds: [it.location.id] });
    expect((await importing(menu(), '', { key: bound }).expect(403)).body.code).toBe('location_forbidden');
  });

  test('another organization’s items are not found, and not changed', async () => {
    await importing(menu()).expect(200);
    const { body } = await importing(menu('1.00'), '', { key: it.other.key }).expect(200);
    expect(body).toMatchObject({ items: { created: 2, unchanged: 0 } });
    expect(await drafted('items')).toMatchObject([{ variations: [{ prices: { USD: 13_25 } }, {}] }, {}]);
  });
});

/** Waits until so many of the service's transactions wait for somebody else's. */
const waiting = (transactions: number): Promise<void> =>
  eventually(
    async () => {
      await it.sql.query('select pg_stat_clear_snapshot()');
      const { rows } = await it.sql.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(transactions);
    },
    { within: 1_500 },
  );

test('of two imports at once the second waits, and finds what the first made', async () => {
  const lock = [`catalog.import:${it.id}`];
  await it.sql.query('select pg_advisory_lock(hashtextextended($1, 0))', lock);
  const both = Promise.all([importing(menu()), importing(menu())]);
  await waiting(2);
  await it.sql.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
  const created = (await both).map(({ body }) => body.items.created);
  expect(created.toSorted((one: number, other: number) => one - other)).toEqual([0, 2]);
  expect(await drafted('items')).toHaveLength(2);
});

test('what somebody changes meanwhile is not lost', async () => {
  await importing(menu()).expect(200);
  const [item] = await drafted('items');
  await it.sql.query('begin');
  await it.sql.query(
    `update catalog_objects set data = jsonb_set(data, '{variations,0,prices,EUR}', '1150') where id = $1`,
    [item.id],
  );
  const imported = importing(menu('14.00')).then(({ status }) => status);
  await waiting(1);
  await it.sql.query('commit');
  expect(await imported).toBe(200);
  const [after] = await drafted('items');
  expect(after.variations[0].prices).toEqual({ USD: 14_00, EUR: 11_50 });
});
