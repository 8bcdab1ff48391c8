import { createHash } from 'node:crypto';
import { Menu, MenuPublished, type Publication } from '@comanda/contracts';
import { canonicalJson, mintServiceToken, newId } from '@comanda/platform';
import { type TestLocation, type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;
/** A location of its own for every test, and an item that is sold at all of them. */
let here: TestLocation;
let item: { id: string; version: number; variations: { id: string }[] };

beforeAll(async () => {
  it = await testService(catalog);
  item = await made('items', {
    name: { en: 'Margherita' },
    variations: [{ name: { en: 'S' }, prices: { USD: 10_50 } }],
  });
});
beforeEach(async () => {
  here = await it.makeLocation();
});

const made = async (path: string, body: object) =>
  (await it.call('post', `/v1/catalog/${path}`).send(body).expect(201)).body;
const of = (path: string, locationId = here.id): string => `/v1/catalog/locations/${locationId}/${path}`;
const publish = (locationId = here.id) => it.call('post', of('publish', locationId));
const read = (path: string) => it.call('get', of(path));
const setPrice = async (amount: number): Promise<void> => {
  const variations = [{ ...item.variations[0], name: { en: 'S' }, prices: { USD: amount } }];
  const { body } = await it
    .call('patch', `/v1/catalog/items/${item.id}`)
    .send({ version: item.version, variations })
    .expect(200);
  item = body;
};
const told = async () => (await it.published(MenuPublished)).filter(({ subject }) => subject === here.id);
const inItsOwnCurrency = { currency: 'EUR', timeZone: 'Europe/Rome', name: 'Roma' };

describe('publishing', () => {
  test('makes the drafts the menu of a location, and tells everybody', async () => {
    const { body: publication } = await publish().expect(200);
    expect(publication).toMatchObject({ locationId: here.id, menuVersion: 1, changed: true });
    const { body: menu, headers } = await read('menu').expect(200);
    expect(headers).toMatchObject({
      etag: `"${publication.hash}"`,
      'cache-control': 'private, no-cache',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(Menu.parse(menu)).toMatchObject({
      hash: publication.hash,
      locationId: here.id,
      currency: 'USD',
      timeZone: 'America/Chicago',
      languages: ['en', 'it'],
      jurisdiction: { code: 'US-IL' },
      items: expect.arrayContaining([expect.objectContaining({ id: item.id, name: { en: 'Margherita' } })]),
    });
    expect(await told()).toMatchObject([
      {
        version: 1,
        occurredAt: new Date(publication.publishedAt),
        data: { locationId: here.id, hash: publication.hash, menuVersion: 1, items: publication.items },
      },
    ]);
  });

  test('nobody sees a draft before it is published, and then all of it', async () => {
    await setPrice(10_50);
    await publish().expect(200);
    const { text: before } = await read('menu').expect(200);
    await setPrice(12_00);
    await made('items', { name: { en: 'Diavola' }, variations: [{ name: { en: 'S' }, prices: { USD: 13_00 } }] });
    expect((await read('menu').expect(200)).text).toBe(before);
    const { body: publication } = await publish().expect(200);
    expect(publication).toMatchObject({ menuVersion: 2, changed: true });
    const { text: after } = await read('menu').expect(200);
    expect(after).toContain('"price":1200');
    expect(after).toContain('Diavola');
  });

  test('what says the same is not published again, and nobody is told', async () => {
    const { body: first } = await publish().expect(200);
    const { body: second } = await publish().expect(200);
    expect(second).toEqual({ ...first, changed: false });
    expect(await told()).toHaveLength(1);
  });

  test('a location comes back to a menu it once had, under the next version', async () => {
    const hashes: string[] = [];
    for (const amount of [11_00, 12_00, 11_00]) {
      await setPrice(amount);
      hashes.push((await publish().expect(200)).body.hash);
    }
    expect(hashes[2]).toBe(hashes[0]);
    expect(hashes[1]).not.toBe(hashes[0]);
    expect((await told()).map(({ version }) => version)).toEqual([1, 2, 3]);
    const { body: first } = await read('menus?limit=2').expect(200);
    const { body: rest } = await read(`menus?limit=2&cursor=${first.nextCursor}`).expect(200);
    expect([...first.data, ...rest.data].map(({ hash }: { hash: string }) => hash)).toEqual(hashes);
  });

  test('at all locations at once each has its own menu', async () => {
    const roma = await it.makeLocation(inItsOwnCurrency);
    const variations = [{ ...item.variations[0], name: { en: 'S' }, prices: { USD: 11_00, EUR: 9_50 } }];
    const { body: changed } = await it
      .call('patch', `/v1/catalog/items/${item.id}`)
      .send({ version: item.version, variations });
    item = changed;
    for (const { id, version, present } of (await it.call('get', '/v1/catalog/items?limit=200')).body.data)
      if (id !== item.id && present)
        await it.call('patch', `/v1/catalog/items/${id}`).send({ version, present: false }).expect(200);
    const { body } = await it.call('post', '/v1/catalog/publish').expect(200);
    const ids = body.publications.map(({ locationId }: { locationId: string }) => locationId);
    expect(ids).toEqual(expect.arrayContaining([it.location.id, here.id, roma.id]));
    expect((await read('menu').expect(200)).text).toContain('"price":1100');
    expect((await it.call('get', of('menu', roma.id)).expect(200)).text).toContain('"price":950');
    const { body: again } = await it.call('post', '/v1/catalog/publish').expect(200);
    expect(again.publications.every((one: { changed: boolean }) => !one.changed)).toBe(true);
    await it.sql.query('delete from known_locations where id = $1', [roma.id]);
  });

  test('a location’s own price is sold there, and gives way to the chain’s when it is taken back', async () => {
    await setPrice(11_00);
    const { body: chain } = await publish().expect(200);
    const own = { variations: [{ variationId: item.variations[0]?.id, price: { amount: 15_00, currency: 'USD' } }] };
    await it
      .call('put', of(`overrides/${item.id}`))
      .send(own)
      .expect(200);
    const { body: differing } = await publish().expect(200);
    expect(differing.hash).not.toBe(chain.hash);
    expect((await read('menu')).text).toContain('"price":1500');
    await it
      .call('delete', of(`overrides/${item.id}`))
      .set('if-match', '"1"')
      .expect(204);
    expect((await publish().expect(200)).body).toMatchObject({ hash: chain.hash, menuVersion: 3 });
  });

  test('of two at once the second waits, and finds that nothing is left to publish', async () => {
    await it.sql.query('begin');
    await it.sql.query('select 1 from known_locations where id = $1 for update', [here.id]);
    const both = Promise.all([publish(), publish()]);
    await eventually(
      async () => {
        await it.sql.query('select pg_stat_clear_snapshot()');
        const { rows } = await it.sql.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(2);
      },
      { within: 1_500 },
    );
    await it.sql.query('commit');
    const answers = (await both).map(({ body }) => body);
    expect(answers.map(({ changed }) => changed).toSorted((one, other) => Number(one) - Number(other))).toEqual([
      false,
      true,
    ]);
    expect(new Set(answers.map(({ hash, menuVersion }) => `${menuVersion} ${hash}`)).size).toBe(1);
    expect(await told()).toHaveLength(1);
  });

  test('a change under way is in the menu with all of it, or with none', async () => {
    const [one, other] = [
      await made('items', { name: { en: 'Uno' }, variations: [{ name: { en: 'S' }, prices: { USD: 1_00 } }] }),
      await made('items', { name: { en: 'Due' }, variations: [{ name: { en: 'S' }, prices: { USD: 1_00 } }] }),
    ];
    const rename = (name: string, id: string) =>
      it.sql.query(`update catalog_objects set data = jsonb_set(data, '{name,en}', to_jsonb($1::text)) where id = $2`, [
        name,
        id,
      ]);
    await it.sql.query('begin');
    await rename('One', one.id);
    await publish().expect(200);
    await rename('Two', other.id);
    await publish().expect(200);
    const { text: before } = await read('menu');
    await it.sql.query('commit');
    await publish().expect(200);
    const { text: after } = await read('menu');
    expect(['Uno', 'Due', 'One', 'Two'].map((name) => before.includes(`"${name}"`))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['Uno', 'Due', 'One', 'Two'].map((name) => after.includes(`"${name}"`))).toEqual([false, false, true, true]);
  });

  test('a repeat with the same key is answered as before; the key cannot publish elsewhere', async () => {
    const idempotencyKey = newId();
    const once = (locationId: string) => it.call('post', of('publish', locationId), { idempotencyKey });
    const { body: first } = await once(here.id).expect(200);
    const { body: second, headers } = await once(here.id).expect(200);
    expect(second).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
    expect((await once(it.location.id).expect(422)).body.code).toBe('idempotency_key_reused');
  });
});

describe('a menu with prices in one currency alone', () => {
  test('is published at every location: what has no price there is left out, and named', async () => {
    await setPrice(10_50);
    const roma = await it.makeLocation(inItsOwnCurrency);
    const { body } = await it.call('post', '/v1/catalog/publish').expect(200);
    const at = (id: string) =>
      body.publications.find(({ locationId }: { locationId: string }) => locationId === id) as Publication;
    expect(at(here.id).warnings).toBeUndefined();
    expect(at(roma.id)).toMatchObject({
      menuVersion: 1,
      items: 0,
      warnings: expect.arrayContaining([
        {
          pointer: `/locations/${roma.id}/items/${item.id}/variations/${item.variations[0]?.id}/prices/EUR`,
          detail: 'Roma: Margherita (S) has no price in EUR.',
        },
      ]),
    });
    expect((await it.call('get', of('menu', roma.id)).expect(200)).text).not.toContain('Margherita');
    expect((await read('menu').expect(200)).text).toContain('Margherita');
    await it.sql.query('delete from known_locations where id = $1', [roma.id]);
  });
});

describe('a draft that cannot be sold', () => {
  const brokenAt = async (place: TestLocation): Promise<void> => {
    const variations = [{ variationId: item.variations[0]?.id, present: true }];
    await it
      .call('put', of(`overrides/${item.id}`, place.id))
      .send({ variations })
      .expect(200);
  };

  test('is refused with everything that is missing, and nothing changes', async () => {
    await setPrice(10_50);
    const roma = await it.makeLocation(inItsOwnCurrency);
    await brokenAt(roma);
    const { body } = await publish(roma.id).expect(422);
    expect(body).toMatchObject({
      code: 'draft_invalid',
      errors: expect.arrayContaining([
        {
          pointer: `/locations/${roma.id}/items/${item.id}/variations/${item.variations[0]?.id}/prices/EUR`,
          detail: 'Roma: Margherita (S) has no price in EUR.',
        },
      ]),
    });
    await it.call('get', of('menu', roma.id)).expect(404);
    expect(await told()).toEqual([]);
    await it.sql.query('delete from known_locations where id = $1', [roma.id]);
  });

  test('at one location is published at none', async () => {
    await setPrice(10_50);
    const roma = await it.makeLocation(inItsOwnCurrency);
    await brokenAt(roma);
    expect((await it.call('post', '/v1/catalog/publish').expect(422)).body.code).toBe('draft_invalid');
    expect((await read('menu').expect(404)).body.code).toBe('menu_not_published');
    expect(await told()).toEqual([]);
    await it.sql.query('delete from known_locations where id = $1', [roma.id]);
  });
});

describe('a preview', () => {
  test('is the menu that publishing would put on sale, and changes nothing', async () => {
    await setPrice(10_50);
    expect((await read('menu/preview').expect(200)).body).toMatchObject({ changed: true, faults: [], warnings: [] });
    const { body: first } = await publish().expect(200);
    expect((await read('menu/preview').expect(200)).body).toMatchObject({ changed: false, menu: { hash: first.hash } });
    await setPrice(12_00);
    const { body: preview } = await read('menu/preview').expect(200);
    expect(preview.changed).toBe(true);
    expect((await read('menu').expect(200)).body.hash).toBe(first.hash);
    await publish().expect(200);
    expect((await read('menu').expect(200)).body).toEqual(preview.menu);
    expect(await told()).toHaveLength(2);
  });

  test('tells what keeps the drafts from being sold, and what is left out for want of a price', async () => {
    await setPrice(10_50);
    const roma = await it.makeLocation(inItsOwnCurrency);
    const place = `/locations/${roma.id}/items/${item.id}/variations/${item.variations[0]?.id}/prices/EUR`;
    const missing = { pointer: place, detail: 'Roma: Margherita (S) has no price in EUR.' };
    const left = await it.call('get', of('menu/preview', roma.id)).expect(200);
    expect(left.body).toMatchObject({ faults: [], warnings: expect.arrayContaining([missing]) });
    const variations = [{ variationId: item.variations[0]?.id, present: true }];
    await it
      .call('put', of(`overrides/${item.id}`, roma.id))
      .send({ variations })
      .expect(200);
    const broken = await it.call('get', of('menu/preview', roma.id)).expect(200);
    expect(broken.body.faults).toEqual([missing]);
    await it.sql.query('delete from known_locations where id = $1', [roma.id]);
  });
});

describe('reading', () => {
  test('whoever has the menu is told so without it', async () => {
    const { body } = await publish().expect(200);
    for (const tag of [`"${body.hash}"`, `W/"${body.hash}"`, `"other", "${body.hash}"`, '*']) {
      for (const path of ['menu', 'menu/metadata', `menus/${body.hash}`]) {
        const answer = await read(path).set('if-none-match', tag).expect(304);
        expect(answer.text).toBe('');
        expect(answer.headers['etag']).toContain(`"${body.hash}"`);
      }
    }
    for (const path of ['menu', 'menu/metadata', `menus/${body.hash}`])
      await read(path).set('if-none-match', '"another"').expect(200);
  });

  test('one menu answers in the language that is asked for, under a tag of its own', async () => {
    const name = { en: 'Dan dan noodles', 'zh-CN': '担担面' };
    await made('items', { name, variations: [{ name: { en: 'Large' }, prices: { USD: 11_00 } }] });
    await publish().expect(200);
    const inLanguage = (languages: string) => read('menu').set('accept-language', languages);
    const { text, headers } = await inLanguage('zh-CN, en;q=0.5').expect(200);
    expect(text).toContain('"name":{"zh-CN":"担担面"}');
    expect(headers['vary']).toContain('accept-language');
    expect((await inLanguage('en').expect(200)).text).toContain('"name":{"en":"Dan dan noodles"}');
    expect((await inLanguage('*').expect(200)).text).toContain('"zh-CN":"担担面"}');
    const etag = headers['etag'] ?? '';
    for (const [languages, status] of Object.entries({ 'zh-CN, en;q=0.5': 304, en: 200 }))
      await inLanguage(languages).set('if-none-match', etag).expect(status);
  });

  test('without an allergen the menu shows nothing that contains it, under a tag of its own', async () => {
    const nutrition = { allergens: ['gluten'], diets: ['vegetarian'], calories: 320 };
    const variations = [{ name: { en: 'S' }, prices: { USD: 9_00 } }];
    await made('items', { name: { en: 'Calzone' }, nutrition, variations });
    const { body: publication } = await publish().expect(200);
    expect((await read('menu').expect(200)).text).toContain('"calories":320');
    const { text, body, headers } = await read('menu?without=milk,gluten').expect(200);
    expect(text).toContain('Margherita');
    expect(text).not.toContain('Calzone');
    expect(Menu.parse(body).hash).toBe(publication.hash);
    expect(headers['etag']).toBe(`"${publication.hash}-gluten.milk"`);
    const etag = headers['etag'] ?? '';
    await read('menu?without=gluten,milk').set('if-none-match', etag).expect(304);
    await read('menu?without=Gluten').expect(400);
  });

  test('a menu is served byte for byte as it was hashed', async () => {
    const { body } = await publish().expect(200);
    const { text } = await read(`menus/${body.hash}`).expect(200);
    const { hash, ...content } = JSON.parse(text);
    expect(text).toBe(canonicalJson({ ...content, hash }));
    expect(createHash('sha256').update(canonicalJson(content)).digest('hex')).toBe(hash);
  });

  test('a menu that was on sale is found by its hash for ever, and may be kept', async () => {
    const { body: first } = await publish().expect(200);
    const { text } = await read('menu');
    await made('items', { name: { en: 'Napoli' }, variations: [{ name: { en: 'S' }, prices: { USD: 1_00 } }] });
    await publish().expect(200);
    const answer = await read(`menus/${first.hash}`).expect(200);
    expect(answer.text).toBe(text);
    expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  });

  test('whether it changed is answered in less than a kilobyte', async () => {
    const { body: publication } = await publish().expect(200);
    const { text, headers } = await read('menu/metadata').expect(200);
    expect(Buffer.byteLength(text)).toBeLessThan(1024);
    const { changed: _, ...metadata } = publication;
    expect(JSON.parse(text)).toEqual(metadata);
    expect(headers).toMatchObject({ etag: `W/"${publication.hash}"`, 'cache-control': 'private, no-cache' });
  });

  test('what another process published is seen within a second or so, whatever is cached', async () => {
    await publish().expect(200);
    await read('menu').expect(200);
    await it.sql.query(
      `with other as (insert into menus select organization_id, location_id, repeat('a', 64), '{"elsewhere":true}' from menus where location_id = $1)
       insert into publications select organization_id, location_id, 2, repeat('a', 64), 0, now(), 'another process'
       from publications where location_id = $1`,
      [here.id],
    );
    await eventually(async () => expect((await read('menu')).body).toEqual({ elsewhere: true }), { within: 3_000 });
  });

  test('a service reads it with the token it makes for itself', async () => {
    const { body } = await publish().expect(200);
    const token = (scopes: ('catalog:read' | 'orders:read')[], organizationId = it.id) =>
      mintServiceToken(it.environment['COMANDA_SECRET'] ?? '', { organizationId, scopes, service: 'orders' });
    const ask = (key: string) => it.call('get', of(`menus/${body.hash}`), { key });
    await ask(token(['catalog:read'])).expect(200);
    await ask(token(['orders:read'])).expect(403);
    await ask(token(['catalog:read'], it.other.id)).expect(404);
  });
});

describe('404', () => {
  test('for a location that never published, and for menus it never had', async () => {
    expect((await read('menu').expect(404)).body.code).toBe('menu_not_published');
    expect((await read('menu/metadata').expect(404)).body.code).toBe('menu_not_published');
    expect((await read(`menus/${'0'.repeat(64)}`).expect(404)).body.code).toBe('not_found');
    expect((await read('menus').expect(200)).body).toEqual({ data: [], nextCursor: null });
  });

  test('for a location that there is not, or that is another organization’s, also when it is cached', async () => {
    const { body } = await publish().expect(200);
    await read('menu').expect(200);
    await read(`menus/${body.hash}`).expect(200);
    const { key } = it.other;
    for (const path of ['menu', 'menu/preview', 'menu/metadata', 'menus', `menus/${body.hash}`]) {
      expect((await it.call('get', of(path), { key }).expect(404)).body.code).toBe('not_found');
      expect((await it.call('get', of(path, newId())).expect(404)).body.code).toBe('not_found');
    }
    await it.call('post', of('publish'), { key }).expect(404);
    await publish(newId()).expect(404);
  });
});

describe('403', () => {
  test('a credential of one location reads and publishes its menu, and no other', async () => {
    const key = await it.makeKey({ locationIds: [here.id] });
    await it.call('post', of('publish'), { key }).expect(200);
    await it.call('get', of('menu'), { key }).expect(200);
    for (const path of ['menu', 'menu/preview', 'menu/metadata', 'menus', `menus/${'0'.repeat(64)}`])
      expect((await it.call('get', of(path, it.location.id), { key }).expect(403)).body.code).toBe(
        'location_forbidden',
      );
    for (const path of [of('publish', it.location.id), '/v1/catalog/publish'])
      expect((await it.call('post', path, { key }).expect(403)).body.code).toBe('location_forbidden');
  });
});
