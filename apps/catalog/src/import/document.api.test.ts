import { type CatalogDocument, ImportDocument } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestLocation, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;
let here: TestLocation;
const [heading, tiramisu, regular] = [newId(), newId(), newId()] as const;

beforeAll(async () => {
  it = await testService(catalog);
  here = await it.makeLocation();
});

const desserts = (price: number) => ({
  format: 'comanda.catalog.v1',
  categories: [{ id: heading, name: { en: 'Desserts', it: 'Dolci' } }],
  items: [
    {
      id: tiramisu,
      name: { en: 'Tiramisu' },
      categoryId: heading,
      variations: [{ id: regular, name: { en: 'Regular' }, sku: 'tiramisu', prices: { USD: price } }],
    },
  ],
  overrides: [
    {
      locationId: here.id,
      itemId: tiramisu,
      variations: [{ variationId: regular, price: { amount: 8_00, currency: 'USD' } }],
    },
  ],
});
const importing = (document: object, query = '', options: { key?: string } = {}) =>
  it.call('post', `/v1/catalog/import/document${query}`, options).send(document);
const exported = async (options: { key?: string } = {}): Promise<CatalogDocument> =>
  (await it.call('get', '/v1/catalog/export/document', options).expect(200)).body;
const sheet = async (query = '') => (await it.call('get', `/v1/catalog/export/sheet${query}`).expect(200)).text;

describe('a document', () => {
  test('is drafted, published, exported, and imported again as a fixed point', async () => {
    const { body } = await importing(desserts(7_50)).expect(200);
    expect(body.counts).toMatchObject({ categories: { created: 1 }, items: { created: 1 }, overrides: { created: 1 } });
    await it.call('post', `/v1/catalog/locations/${here.id}/publish`).expect(200);
    const menu = await it.call('get', `/v1/catalog/locations/${here.id}/menu`).expect(200);
    expect(menu.text).toContain('"price":800,"sku":"tiramisu"');
    const document = await exported();
    const { body: again } = await importing(document).expect(200);
    expect(again.changes).toEqual([]);
    expect(await exported()).toEqual(document);
  });

  test('says in a dry run what it would change, and changes nothing', async () => {
    await importing(desserts(7_50)).expect(200);
    const before = await exported();
    const { body } = await importing(desserts(9_00), '?dryRun=true').expect(200);
    expect(body).toMatchObject({ dryRun: true, changes: [{ pointer: '/items/0', change: 'changed' }] });
    expect(await exported()).toEqual(before);
  });

  test('is refused whole for one fault, which it is told to the field', async () => {
    const before = await exported();
    const broken = { ...desserts(1_00), overrides: [{ locationId: newId(), itemId: tiramisu }] };
    const { body } = await importing(broken).expect(422);
    expect(body).toMatchObject({
      code: 'import_invalid',
      errors: [{ pointer: '/overrides/0/locationId', detail: 'There is no such location.' }],
    });
    expect(await exported()).toEqual(before);
    const { body: unreadable } = await importing({ ...desserts(1_00), items: [{ id: 7 }] }).expect(400);
    expect(unreadable.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer: '/items/0/id' })]));
  });

  test('goes from one organization to another, under the same ids', async () => {
    await importing(desserts(7_50)).expect(200);
    const { key } = it.other;
    const { overrides: _, ...document } = await exported();
    await importing({ ...document, taxes: [] }, '', { key }).expect(200);
    expect((await exported({ key })).items.map(({ id }) => id)).toContain(tiramisu);
  });

  test('may be larger than other bodies, and the example in the documents works', async () => {
    const items = Array.from({ length: 3_000 }, (_, n) => ({
      id: newId(),
      name: { en: `Dish ${n}` },
      variations: [{ id: newId(), name: { en: 'Regular' }, prices: { USD: n } }],
      description: { en: 'x'.repeat(400) },
    }));
    const { body } = await importing({ format: 'comanda.catalog.v1', items }, '?dryRun=true').expect(200);
    expect(body.counts.items).toEqual({ created: 3_000, changed: 0, unchanged: 0 });
    expect(body.changes).toHaveLength(500);
    await importing(ImportDocument.example ?? {}).expect(200);
  });

  test('concerns the whole chain: a key for one location neither reads nor writes it', async () => {
    const key = await it.makeKey({ locationIds: [here.id] });
    await importing(desserts(7_50), '', { key }).expect(403);
    await it.call('get', '/v1/catalog/export/document', { key }).expect(403);
    await it.call('get', '/v1/catalog/export/sheet', { key }).expect(403);
  });
});

describe('a spreadsheet', () => {
  test('is exported in the shape that the import reads: as it is it changes nothing, edited it changes that', async () => {
    await importing(desserts(7_50)).expect(200);
    const csv = await sheet();
    expect(csv).toContain(`${regular},tiramisu,Tiramisu,Desserts,Regular,USD,7.50\r\n`);
    const importSheet = (text: string) =>
      it.call('post', '/v1/catalog/import').set('content-type', 'text/csv').send(text).expect(200);
    expect((await importSheet(csv)).body.changes).toEqual([]);
    expect(await sheet()).toBe(csv);
    const { body } = await importSheet(csv.replace('tiramisu,Tiramisu', 'tiramisu,Tiramisu classico'));
    expect(body.changes).toMatchObject([{ kind: 'item', field: 'name', from: 'Tiramisu', to: 'Tiramisu classico' }]);
  });

  test('has the signs and the language that are asked for', async () => {
    await importing(desserts(7_50)).expect(200);
    expect(await sheet('?delimiter=;&decimal=,&language=it')).toContain(
      ';tiramisu;Tiramisu;Dolci;Regular;USD;7,50\r\n',
    );
  });
});
