import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../catalog.service.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(catalog);
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const pizza = async (): Promise<{ id: string; small: string }> => {
  const variations = [{ name: { en: 'S' }, prices: { USD: 10_50 } }];
  const { body } = await it
    .call('post', '/v1/catalog/items')
    .send({ name: { en: 'Margherita' }, variations })
    .expect(201);
  return { id: body.id, small: body.variations[0].id };
};
const path = (itemId = '', locationId = it.location.id) =>
  `/v1/catalog/locations/${locationId}/overrides${itemId && `/${itemId}`}`;
const put = (itemId: string, body: object, locationId?: string) => it.call('put', path(itemId, locationId)).send(body);

describe('200 and 204', () => {
  test('what is different about an item here is said, read, replaced and taken back', async () => {
    const { id, small } = await pizza();
    const { body: first } = await put(id, { variations: [{ variationId: small, price: usd(11_00) }] }).expect(200);
    expect(first).toMatchObject({
      locationId: it.location.id,
      itemId: id,
      present: null,
      variations: [{ variationId: small, present: null, price: usd(11_00) }],
      version: 1,
    });
    const { body: second } = await put(id, { present: false, version: 1 }).expect(200);
    expect(second).toMatchObject({ present: false, variations: [], version: 2 });
    const listed = async () => (await it.call('get', path()).expect(200)).body.data;
    expect(await listed()).toEqual([second]);
    await it.call('delete', path(id)).set('if-match', '"2"').expect(204);
    expect(await listed()).toEqual([]);
    const { body: again } = await put(id, { present: true }).expect(200);
    expect(again.version).toBe(4);
    expect(await listed()).toEqual([again]);
  });

  test('happy hour has a price of its own here, at the times of a schedule, and is published so', async () => {
    const { id, small } = await pizza();
    const windows = [{ days: ['friday'], from: '16:00', to: '18:00' }];
    const { body: schedule } = await it
      .call('post', '/v1/catalog/schedules')
      .send({ name: 'Happy hour', windows })
      .expect(201);
    const timedPrices = [{ scheduleId: schedule.id, price: usd(8_00) }];
    const { body } = await put(id, { variations: [{ variationId: small, price: usd(11_00), timedPrices }] }).expect(
      200,
    );
    expect(body.variations).toMatchObject([{ price: usd(11_00), timedPrices }]);
    const here = `/v1/catalog/locations/${it.location.id}`;
    await it.call('post', `${here}/publish`).expect(200);
    const { body: menu } = await it.call('get', `${here}/menu`).expect(200);
    expect(menu.items.find((item: { id: string }) => item.id === id).variations).toMatchObject([
      { price: 11_00, timedPrices: [{ scheduleId: schedule.id, price: 8_00 }] },
    ]);
    expect(menu.schedules).toEqual([{ id: schedule.id, name: 'Happy hour', windows }]);
  });

  test('one location says nothing for another', async () => {
    const { id } = await pizza();
    const lakeside = await it.makeLocation({ name: 'Lakeside' });
    await put(id, { present: false }, lakeside.id).expect(200);
    await put(id, { present: true }).expect(200);
    const { body: page } = await it.call('get', path('', lakeside.id)).expect(200);
    expect(page.data).toMatchObject([{ itemId: id, present: false, version: 1 }]);
  });

  test('a list goes on where the last page ended', async () => {
    const mall = await it.makeLocation();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { id } = await pizza();
      await put(id, { present: false }, mall.id).expect(200);
      ids.push(id);
    }
    const { body: first } = await it.call('get', `${path('', mall.id)}?limit=2`).expect(200);
    const { body: second } = await it
      .call('get', `${path('', mall.id)}?limit=2&cursor=${first.nextCursor}`)
      .expect(200);
    expect([...first.data, ...second.data].map(({ itemId }: { itemId: string }) => itemId)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });

  test('a credential of one location may say what is different there', async () => {
    const { id } = await pizza();
    const key = await it.makeKey({ locationIds: [it.location.id] });
    await it.call('put', path(id), { key }).send({ present: false }).expect(200);
    const { id: elsewhere } = await it.makeLocation();
    const { body } = await it.call('put', path(id, elsewhere), { key }).send({ present: false }).expect(403);
    expect(body.code).toBe('location_forbidden');
  });
});

describe('404', () => {
  test('for a location or an item that the organization does not have', async () => {
    const { id } = await pizza();
    await put(newId(), {}).expect(404);
    await put(id, {}, it.other.location.id).expect(404);
    await it.call('get', path('', it.other.location.id)).expect(404);
    await it.call('put', path(id, it.other.location.id), { key: it.other.key }).send({}).expect(404);
    await it.call('delete', path(id)).set('if-match', '"1"').expect(404);
  });
});

describe('412 and 428', () => {
  test('to replace what is said the version is needed, and it must be the last', async () => {
    const { id } = await pizza();
    expect((await put(id, { version: 1 }).expect(412)).body).toMatchObject({ code: 'version_stale', current: null });
    await put(id, {}).expect(200);
    expect((await put(id, {}).expect(428)).body.code).toBe('version_missing');
    await put(id, { present: true, version: 1 }).expect(200);
    expect((await put(id, { version: 1 }).expect(412)).body).toMatchObject({ current: { present: true, version: 2 } });
    expect((await it.call('delete', path(id)).expect(428)).body.code).toBe('version_missing');
    expect((await it.call('delete', path(id)).set('if-match', '"1"').expect(412)).body.code).toBe('version_stale');
  });

  test('of two who say it first at once, one is told that he came second', async () => {
    const { id } = await pizza();
    await it.sql.query('begin');
    await it.sql.query('select 1 from catalog_objects where id = $1 for update', [id]);
    const both = Promise.all([put(id, { present: true }), put(id, { present: false })]);
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
    const answers = await both;
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 428]);
  });
});

describe('422', () => {
  test('for a variation of another item, or one named twice', async () => {
    const [{ id, small }, { small: foreign }] = [await pizza(), await pizza()];
    const variations = [{ variationId: small }, { variationId: foreign }, { variationId: small }];
    expect((await put(id, { variations }).expect(422)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/variations/1/variationId' }, { pointer: '/variations/2/variationId' }],
    });
  });

  test('for a happy hour by a schedule that there is not, or in another currency', async () => {
    const { id, small } = await pizza();
    const timedPrices = [{ scheduleId: small, price: { amount: 8_00, currency: 'EUR' } }];
    const said = (timed: object[]) => put(id, { variations: [{ variationId: small, timedPrices: timed }] }).expect(422);
    expect((await said(timedPrices)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/variations/0/timedPrices/0/scheduleId' }],
    });
  });

  test('for a price in a currency that the location does not sell in', async () => {
    const { id, small } = await pizza();
    const price = { amount: 10_00, currency: 'EUR' };
    expect((await put(id, { variations: [{ variationId: small, price }] }).expect(422)).body).toMatchObject({
      code: 'currency_mismatch',
      errors: [{ pointer: '/variations/0/price/currency' }],
    });
  });
});
