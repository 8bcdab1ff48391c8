import {
  Categories,
  Items,
  LocationGroups,
  ModifierGroups,
  Schedules,
  ServiceCharges,
  Taxes,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(catalog);
});

const post = (path: string, body: object) => it.call('post', `/v1/catalog/${path}`).send(body);
const made = async (path: string, body: object) => (await post(path, body).expect(201)).body;
const margherita = (facts: object = {}) => ({
  name: { en: 'Margherita' },
  variations: [{ name: { en: 'S' }, prices: { USD: 10_50 } }],
  ...facts,
});
const sku = (): string => `sku-${newId()}`;

const EVERY_KIND = [
  ['categories', Categories],
  ['items', Items],
  ['modifier-groups', ModifierGroups],
  ['taxes', Taxes],
  ['service-charges', ServiceCharges],
  ['schedules', Schedules],
  ['location-groups', LocationGroups],
] as const;

describe.each(EVERY_KIND)('%s', (path, { create }) => {
  const example = () => {
    const body = structuredClone(create.example) as { variations?: { sku: string }[] };
    for (const variation of body.variations ?? []) variation.sku = sku();
    return body;
  };

  test('is drafted, read, changed, listed and archived', async () => {
    const id = newId();
    const { body: draft, headers } = await post(path, { id, ...example() }).expect(201);
    expect(draft).toMatchObject({ id, version: 1 });
    expect(headers['etag']).toBe('"1"');
    expect((await it.call('get', `/v1/catalog/${path}/${id}`).expect(200)).body).toEqual(draft);

    const { body: changed } = await it
      .call('patch', `/v1/catalog/${path}/${id}`)
      .set('if-match', '"1"')
      .send({ name: typeof draft.name === 'string' ? 'Renamed' : { en: 'Renamed' } })
      .expect(200);
    expect(changed).toEqual({ ...draft, name: changed.name, version: 2, updatedAt: changed.updatedAt });
    expect(JSON.stringify(changed.name)).toContain('Renamed');

    const listed = async () =>
      (await it.call('get', `/v1/catalog/${path}?limit=200`).expect(200)).body.data.map(
        (one: { id: string }) => one.id,
      );
    expect(await listed()).toContain(id);
    await it.call('delete', `/v1/catalog/${path}/${id}`).set('if-match', '"2"').expect(204);
    expect(await listed()).not.toContain(id);
    await it.call('get', `/v1/catalog/${path}/${id}`).expect(404);
  });

  test('a list goes on where the last page ended', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await made(path, example())).id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body: page } = await it.call('get', `/v1/catalog/${path}?limit=2${cursor}`).expect(200);
      seen.push(...page.data.map((one: { id: string }) => one.id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].toSorted((one, other) => (one < other ? -1 : 1)));
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  test('of two who change one version, one wins, and the other is shown what there is now', async () => {
    const { id, name } = await made(path, example());
    const change = () => it.call('patch', `/v1/catalog/${path}/${id}`).send({ name, version: 1 });
    const answers = await Promise.all([change(), change()]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412]);
    const refused = answers.find(({ status }) => status === 412)?.body;
    expect(refused).toMatchObject({ code: 'version_stale', current: { id, version: 2 } });
    expect((await it.call('get', `/v1/catalog/${path}/${id}`)).body.version).toBe(2);
  });

  test('a change or an end that names no version is refused', async () => {
    const { id } = await made(path, example());
    await it.call('patch', `/v1/catalog/${path}/${id}`).send({}).expect(428);
    await it.call('delete', `/v1/catalog/${path}/${id}`).expect(428);
    await it.call('delete', `/v1/catalog/${path}/${id}`).set('if-match', '"7"').expect(412);
  });

  test('a repeat with the same key gets the same answer; another body under it is refused', async () => {
    const idempotencyKey = newId();
    const body = example();
    const send = (sent: object) => it.call('post', `/v1/catalog/${path}`, { idempotencyKey }).send(sent);
    const { body: first } = await send(body).expect(201);
    const { body: second, headers } = await send(body).expect(201);
    expect(second).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
    const { body: refused } = await send({ ...body, id: newId() }).expect(422);
    expect(refused.code).toBe('idempotency_key_reused');
  });

  test('an id that exists is refused, even after it was archived', async () => {
    const { id } = await made(path, example());
    expect((await post(path, { id, ...example() }).expect(409)).body.code).toBe('id_taken');
    await it.call('delete', `/v1/catalog/${path}/${id}`).set('if-match', '"1"').expect(204);
    expect((await post(path, { id, ...example() }).expect(409)).body.code).toBe('id_taken');
  });

  test('another organization finds nothing of it, and may use the same id', async () => {
    const { id } = await made(path, example());
    const { key } = it.other;
    await it.call('get', `/v1/catalog/${path}/${id}`, { key }).expect(404);
    await it.call('patch', `/v1/catalog/${path}/${id}`, { key }).send({ version: 1 }).expect(404);
    await it.call('delete', `/v1/catalog/${path}/${id}`, { key }).set('if-match', '"1"').expect(404);
    const { body: page } = await it.call('get', `/v1/catalog/${path}`, { key }).expect(200);
    expect(page.data.map((one: { id: string }) => one.id)).not.toContain(id);
    await it
      .call('post', `/v1/catalog/${path}`, { key })
      .send({ id, ...example() })
      .expect(201);
  });

  test('a credential without the scope, or for one location, changes nothing of the chain', async () => {
    const { id } = await made(path, example());
    const reader = await it.makeKey({ scopes: ['catalog:read'] });
    const bound = await it.makeKey({ locationIds: [it.location.id] });
    expect((await it.call('post', `/v1/catalog/${path}`, { key: reader }).send(example()).expect(403)).body.code).toBe(
      'scope_missing',
    );
    for (const [method, target] of [
      ['post', path],
      ['patch', `${path}/${id}`],
      ['delete', `${path}/${id}`],
    ] as const) {
      const { body } = await it
        .call(method, `/v1/catalog/${target}`, { key: bound })
        .set('if-match', '"1"')
        .send(method === 'post' ? example() : method === 'patch' ? {} : undefined)
        .expect(403);
      expect(body.code).toBe('location_forbidden');
    }
    await it.call('get', `/v1/catalog/${path}/${id}`, { key: bound }).expect(200);
  });
});

describe('an item', () => {
  test('keeps the ids of its variations when they are changed, and gives new ones an id', async () => {
    const item = await made('items', margherita());
    const [small] = item.variations;
    const { body: changed } = await it
      .call('patch', `/v1/catalog/items/${item.id}`)
      .send({
        version: 1,
        variations: [
          { name: { en: 'L' }, prices: { USD: 16_50 } },
          { ...small, prices: { USD: 11_00 } },
        ],
      })
      .expect(200);
    expect(changed.variations).toMatchObject([{ name: { en: 'L' } }, { id: small.id, prices: { USD: 11_00 } }]);
    expect(changed.variations[0].id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a code is in use once in the organization, and free again when it is given up', async () => {
    const [one, other, twice] = [sku(), sku(), sku()];
    const variations = (codes: string[]) => codes.map((code) => ({ name: { en: code.slice(-3) }, sku: code }));
    const first = await made('items', margherita({ variations: variations([one, other]) }));
    expect((await post('items', margherita({ variations: variations([one]) })).expect(409)).body.code).toBe(
      'sku_taken',
    );
    expect(
      (await post('items', margherita({ variations: variations([twice, twice]) })).expect(409)).body,
    ).toMatchObject({
      code: 'sku_taken',
      errors: [{ pointer: '/variations/1/sku' }],
    });
    const [a, b] = first.variations;
    const swapped = [
      { ...a, sku: b.sku },
      { ...b, sku: a.sku },
    ];
    await it.call('patch', `/v1/catalog/items/${first.id}`).send({ version: 1, variations: swapped }).expect(200);
    await it
      .call('patch', `/v1/catalog/items/${first.id}`)
      .send({ version: 2, variations: [swapped[0]] })
      .expect(200);
    await made('items', margherita({ variations: variations([one]) }));
    await it.call('delete', `/v1/catalog/items/${first.id}`).set('if-match', '"3"').expect(204);
    await made('items', margherita({ variations: variations([other]) }));
    await it
      .call('post', '/v1/catalog/items', { key: it.other.key })
      .send(margherita({ variations: variations([one]) }))
      .expect(201);
  });

  test('a variation’s id never comes to mean another one', async () => {
    const item = await made('items', margherita());
    const [small] = item.variations;
    const again = margherita({ variations: [small, small] });
    expect((await post('items', again).expect(409)).body).toMatchObject({
      code: 'id_taken',
      errors: [{ pointer: '/variations/1/id' }],
    });
    const stolen = margherita({ variations: [{ name: { en: 'New' } }, small] });
    expect((await post('items', stolen).expect(409)).body).toMatchObject({
      code: 'id_taken',
      errors: [{ pointer: '/variations/1/id' }],
    });
    const put = { version: 1, variations: [] };
    await it.call('patch', `/v1/catalog/items/${item.id}`).send(put).expect(200);
    expect((await post('items', stolen).expect(409)).body.code).toBe('id_taken');
    await it
      .call('patch', `/v1/catalog/items/${item.id}`)
      .send({ version: 2, variations: [small] })
      .expect(200);
  });

  test('what it names must exist, and be of the right kind', async () => {
    const category = await made('categories', { name: { en: 'Classic' } });
    const { body } = await post(
      'items',
      margherita({ categoryId: newId(), taxIds: [category.id], modifierGroupIds: [newId()] }),
    ).expect(422);
    expect(body.code).toBe('reference_unknown');
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/categoryId',
      '/taxIds/0',
      '/modifierGroupIds/0',
    ]);
  });

  test('what a combo offers is drafted before it, and is not archived while it is offered', async () => {
    const combo = (variationId: string) => ({
      name: { en: 'Lunch' },
      variations: [
        {
          name: { en: 'Weekday' },
          prices: { USD: 13_00 },
          slots: [{ code: 'main', name: { en: 'Main' }, choices: [{ variationId }] }],
        },
      ],
    });
    const { body: refused } = await post('items', combo(newId())).expect(422);
    expect(refused).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/variations/0/slots/0/choices/0/variationId' }],
    });
    const pizza = await made('items', margherita());
    const lunch = await made('items', combo(pizza.variations[0].id));
    expect(lunch.variations[0].slots).toMatchObject([{ code: 'main', min: 1, max: 1, choices: [{ surcharges: {} }] }]);
    const archive = () => it.call('delete', `/v1/catalog/items/${pizza.id}`).set('if-match', '"1"');
    expect((await archive().expect(409)).body.errors[0].pointer).toBe(`/item/${lunch.id}`);
    await it.call('delete', `/v1/catalog/items/${lunch.id}`).set('if-match', '"1"').expect(204);
    await archive().expect(204);
  });

  test('what others name cannot be archived', async () => {
    const category = await made('categories', { name: { en: 'Classic' } });
    const item = await made('items', margherita({ categoryId: category.id }));
    const archive = () => it.call('delete', `/v1/catalog/categories/${category.id}`).set('if-match', '"1"');
    expect((await archive().expect(409)).body).toMatchObject({
      code: 'resource_in_use',
      errors: [{ pointer: `/item/${item.id}` }],
    });
    await it.call('patch', `/v1/catalog/items/${item.id}`).send({ version: 1, categoryId: null }).expect(200);
    await archive().expect(204);
  });
});

describe('a tax and a service charge', () => {
  test('apply at locations of the organization, and no others', async () => {
    const tax = await made('taxes', {
      name: 'Sales tax',
      rate: 88_750,
      inclusive: false,
      locationIds: [it.location.id],
    });
    expect(tax).toMatchObject({ compounds: false, joinsBase: false, byDefault: true, locationIds: [it.location.id] });
    const foreign = {
      name: 'Service',
      rate: 100_000,
      phase: 'total',
      locationIds: [it.location.id, it.other.location.id],
    };
    expect((await post('service-charges', foreign).expect(422)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/locationIds/1' }],
    });
  });

  test('a service charge says what it is a share of, or how much it is and for whom, and is published so', async () => {
    const share = { name: 'Before discounts', rate: 125_000, phase: 'subtotal', base: 'pre_discount' };
    const couvert = { name: 'Couvert', rate: 0, phase: 'total', fixed: { prices: { USD: 2_50 }, per: 'cover' } };
    const [one, other] = [await made('service-charges', share), await made('service-charges', couvert)];
    expect(one).toMatchObject({ ...share, fixed: null });
    expect(other).toMatchObject({ ...couvert, base: 'post_discount' });
    const path = `/v1/catalog/service-charges/${one.id}`;
    const { body: renamed } = await it.call('patch', path).send({ name: 'Service', version: 1 }).expect(200);
    expect(renamed).toMatchObject({ name: 'Service', base: 'pre_discount' });
    const here = `/v1/catalog/locations/${it.location.id}`;
    await it.call('post', `${here}/publish`).expect(200);
    const { body: menu } = await it.call('get', `${here}/menu`).expect(200);
    const published = new Map(menu.serviceCharges.map((each: { id: string }) => [each.id, each]));
    expect(published.get(one.id)).toMatchObject({ rate: 125_000, base: 'pre_discount' });
    expect(published.get(other.id)).toMatchObject({ rate: 0, fixed: { amount: 2_50, per: 'cover' } });
  });
});

test.each([
  ['an unknown field', { surprise: true }],
  ['a price that is no whole number', { variations: [{ name: { en: 'S' }, prices: { USD: 10.5 } }] }],
  ['a price below zero', { variations: [{ name: { en: 'S' }, prices: { USD: -1 } }] }],
  ['a name in no language', { name: {} }],
  ['a picture that is no hash', { pictures: [{ hash: 'menu.png' }] }],
])('%s is refused before anything happens', async (_, facts) => {
  expect((await post('items', margherita(facts)).expect(400)).body.code).toBe('malformed_request');
});
