import { type Order, OrderFacts } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EventStream } from '../testing/event-stream.js';
import { menu } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';
import { Followers } from './followers.js';

let shop: Shop;
let it: TestService;
let locationId: string;
const streams: EventStream[] = [];

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

beforeEach(async () => {
  ({ id: locationId } = await it.makeLocation());
  await shop.publish(menu({ locationId }), 1);
});

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function follow({ after, key = it.key, at = locationId }: { after?: string; key?: string; at?: string } = {}) {
  const headers = { authorization: `Bearer ${key}`, ...(after !== undefined && { 'last-event-id': after }) };
  const stream = await EventStream.open(`${it.url}/v1/orders/feed?locationId=${at}`, headers);
  streams.push(stream);
  return stream;
}
const place = (): Promise<Order> => shop.place({ locationId });
const fire = (order: Order) => it.call('post', `/v1/orders/${order.id}/fire`).expect(200);
const shown = async (stream: EventStream): Promise<[id: string, version: number, status: string]> => {
  const { type, data } = await stream.next();
  const { id, version, status } = OrderFacts.parse(JSON.parse(data));
  expect(type).toBe('order');
  return [id, version, status];
};

describe('a kitchen screen', () => {
  test('sees each change of its location as it happens, without the bill', async () => {
    const screen = await follow();
    expect(screen.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const order = await place();
    const { data } = await screen.next();
    expect(JSON.parse(data)).toMatchObject({
      id: order.id,
      status: 'placed',
      version: 1,
      checks: [{ lines: [{}, {}] }],
    });
    expect(data).not.toContain('signature');
    await fire(order);
    expect(await shown(screen)).toEqual([order.id, 2, 'fired']);
  });

  test('that comes back misses nothing and sees nothing twice', async () => {
    const screen = await follow();
    const [first, second] = [await place(), await place()];
    await shown(screen);
    const { id: seen } = await screen.next();
    screen.close();
    const third = await place();
    await fire(first);
    const again = await follow({ after: seen });
    expect([await shown(again), await shown(again)]).toEqual([
      [third.id, 1, 'placed'],
      [first.id, 2, 'fired'],
    ]);
    const fourth = await place();
    expect(await shown(again)).toEqual([fourth.id, 1, 'placed']);
    expect(second.id).not.toBe(fourth.id);
  });

  test('that was cut off before anything happened comes back to where it began', async () => {
    const screen = await follow();
    const began = screen.lastId;
    screen.close();
    const order = await place();
    expect(await shown(await follow({ after: began }))).toEqual([order.id, 1, 'placed']);
  });

  test('that was away sees the newest state of what changed meanwhile, each order once', async () => {
    const screen = await follow();
    screen.close();
    const placed: Order[] = [];
    for (let n = 0; n < 60; n++) placed.push(await place());
    const [first] = placed;
    if (first) await fire(first);
    const again = await follow({ after: screen.lastId });
    const seen = [];
    for (let n = 0; n < 60; n++) seen.push(await shown(again));
    expect(seen.map(([id]) => id)).toEqual([...placed.slice(1), ...placed.slice(0, 1)].map(({ id }) => id));
    expect(seen.at(-1)).toEqual([first?.id, 2, 'fired']);
  });

  test('sees what another process changed', async () => {
    const screen = await follow();
    const order = await place();
    await shown(screen);
    const changed = performance.now();
    await it.sql.query(
      `update orders set version = 2, status = 'ready', changed_in = (pg_current_xact_id()::text)::bigint where id = $1`,
      [order.id],
    );
    expect(await shown(screen)).toEqual([order.id, 2, 'ready']);
    expect(performance.now() - changed).toBeLessThan(5_000);
  });

  test('misses no change that began before another and was committed after it', async () => {
    const screen = await follow();
    const early = await place();
    // Told once; a screen that only came now might be told it, too, while any older transaction of the server is going on.
    await shown(screen);
    const slow = new pg.Client({ connectionString: it.environment['ORDERS_DATABASE_URL'] ?? '' });
    await slow.connect();
    await slow.query('begin');
    await slow.query(
      `update orders set version = 2, status = 'fired', changed_in = (pg_current_xact_id()::text)::bigint where id = $1`,
      [early.id],
    );
    const late = await place();
    await slow.query('commit');
    await slow.end();
    const both = [await screen.next(), await screen.next()];
    expect(both.map(({ data }) => JSON.parse(data).id)).toEqual([early.id, late.id]);
  });

  test('sees no other location', async () => {
    const screen = await follow();
    await shop.place();
    const order = await place();
    expect(await shown(screen)).toEqual([order.id, 1, 'placed']);
  });

  test('whose place is of a database that was restored is told to read everything anew', async () => {
    const screen = await follow({ after: `999999999999999-${newId()}` });
    expect(await screen.next()).toMatchObject({ type: 'reset', data: '{}' });
    const order = await place();
    expect(await shown(screen)).toEqual([order.id, 1, 'placed']);
  });
});

describe('who may not follow', () => {
  test.each(['0', 'yesterday', '1-2', `1-${'x'.repeat(36)}`])('with a place that is none: %s', async (after) => {
    expect((await follow({ after })).status).toBe(400);
  });

  test('without a key, without the scope, elsewhere, or in another organization', async () => {
    expect((await follow({ key: 'none' })).status).toBe(401);
    expect((await follow({ key: await it.makeKey({ scopes: ['orders:write'] }) })).status).toBe(403);
    expect((await follow({ key: await it.makeKey({ locationIds: [it.location.id] }) })).status).toBe(403);
    expect((await follow({ key: it.other.key })).status).toBe(404);
    expect((await follow({ at: newId() })).status).toBe(404);
    expect((await follow({ at: 'here' })).status).toBe(400);
  });

  test('with a key that is revoked on the way: the stream ends within five seconds', async () => {
    const key = await it.makeKey({ scopes: ['orders:read'] });
    const screen = await follow({ key });
    await it.sql.query(`update known_keys set revoked_at = now() where id = $1`, [keyId(key)]);
    const revoked = performance.now();
    await screen.ended();
    expect(performance.now() - revoked).toBeLessThan(5_000);
    expect((await follow({ key })).status).toBe(401);
  });
});

// The last test: from here on this process takes no more clients.
test('a process that is about to end ends its streams, waits for them, and takes no new ones', async () => {
  const screen = await follow();
  await it.service.app.get(Followers).onModuleDestroy();
  await screen.ended();
  expect((await follow()).status).toBe(503);
});

const keyId = (key: string): string =>
  (key.split('_')[2] ?? '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
