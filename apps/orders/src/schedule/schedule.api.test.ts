import { type Order, OrderFired } from '@comanda/contracts';
import { LOGGER } from '@comanda/platform';
import { type Service, startService } from '@comanda/service';
import type { TestService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { orders } from '../orders.service.js';
import { menu } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const MINUTE = 60_000;
const from = (ms: number): string => new Date(Date.now() + ms).toISOString();
/** The middle of the day after tomorrow in Chicago: every slot around it is of the same business day. */
const noon = (minutes = 0): string => {
  const day = new Date(Date.now() + 48 * 60 * MINUTE).toISOString().slice(0, 10);
  return new Date(Date.parse(`${day}T18:00:00Z`) + minutes * MINUTE).toISOString();
};

/** A location of its own with a menu, that promises as it says. */
async function open(scheduling: object): Promise<string> {
  const { id } = await it.makeLocation({ policies: { scheduling } });
  await shop.publish(menu({ locationId: id }), 1);
  return id;
}
const promised = (locationId: string, promisedAt: string) =>
  it.call('post', '/v1/orders').send(shop.body({ locationId, serviceType: 'take_away', promisedAt }));
const move = (order: Order, promisedAt: string) =>
  it.call('post', `/v1/orders/${order.id}/promise`).send({ promisedAt });
const read = async ({ id }: Order): Promise<Order> => (await it.call('get', `/v1/orders/${id}`).expect(200)).body;
const firings = async (ids: readonly string[]): Promise<string[]> =>
  (await it.published(OrderFired)).map(({ subject }) => subject).filter((id) => ids.includes(id));

describe('scheduled orders: capacity cap per slot', () => {
  test('one place left and fifty orders at once: exactly one is promised, the others are told what is free', async () => {
    const locationId = await open({ ordersPerSlot: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => promised(locationId, noon(7))));
    const statuses = answers.map(({ status }) => status).filter((status) => status !== 503);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => [201, 409].includes(status))).toBe(true);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'slot_full',
      nextFree: [noon(15), noon(30), noon(45)],
    });
    await promised(locationId, noon(15)).expect(201);
    const { body } = await promised(locationId, noon()).expect(409);
    expect(body.nextFree).toEqual([noon(30), noon(45), noon(60)]);
  });

  test('changing and cancelling free the place', async () => {
    const locationId = await open({ ordersPerSlot: 1 });
    const { body: order } = await promised(locationId, noon()).expect(201);
    await promised(locationId, noon(5)).expect(409);
    expect((await move(order, noon(8)).expect(200)).body.scheduled.promisedAt).toBe(noon(8));
    const { body: moved } = await move(order, noon(15)).expect(200);
    const { body: second } = await promised(locationId, noon()).expect(201);
    expect((await move(order, noon()).expect(409)).body.code).toBe('slot_full');
    expect((await read(order)).scheduled).toEqual(moved.scheduled);
    await it.call('post', `/v1/orders/${second.id}/cancel`).send({ reason: 'No' }).expect(200);
    await move(order, noon()).expect(200);
    await promised(locationId, noon(15)).expect(201);
  });

  test('where nothing more is promised, nothing is; where nothing was said, everything', async () => {
    const closed = await open({ ordersPerSlot: 0 });
    expect((await promised(closed, noon()).expect(409)).body).toMatchObject({ code: 'slot_full', nextFree: [] });
    for (const _ of [1, 2, 3]) await promised(it.location.id, noon()).expect(201);
  });

  test('an order that is not promised takes no place', async () => {
    const locationId = await open({ ordersPerSlot: 0 });
    await it.call('post', '/v1/orders').send(shop.body({ locationId })).expect(201);
  });
});

describe('a scheduled order', () => {
  test('is of the business day it is promised for: its number, and where it is listed', async () => {
    const locationId = await open({});
    const { body: today } = await it.call('post', '/v1/orders').send(shop.body({ locationId })).expect(201);
    const far = new Date(Date.parse(noon()) + 20 * 24 * 60 * MINUTE).toISOString();
    const { body: order } = await promised(locationId, far).expect(201);
    expect(order).toMatchObject({ number: 1, status: 'placed', businessDate: far.slice(0, 10) });
    expect(today.number).toBe(1);
    for (const of of [today, order]) {
      const path = `/v1/orders?locationId=${locationId}&businessDate=${of.businessDate}`;
      expect((await it.call('get', path).expect(200)).body.data.map(({ id }: Order) => id)).toEqual([of.id]);
    }
  });

  test('is refused for a time that has passed, and moved to no other day', async () => {
    expect((await promised(it.location.id, from(-MINUTE)).expect(422)).body.code).toBe('time_not_allowed');
    const { body: order } = await promised(it.location.id, noon()).expect(201);
    expect((await move(order, noon(24 * 60)).expect(422)).body.code).toBe('time_not_allowed');
    const { body: ordinary } = await it.call('post', '/v1/orders').send(shop.body()).expect(201);
    expect((await move(ordinary, noon()).expect(409)).body.code).toBe('order_state');
  });

  test('fires to the kitchen by itself within seconds of promised − prep', async () => {
    const locationId = await open({ prepMinutes: 10 });
    const { body: order } = await promised(locationId, from(10 * MINUTE + 1_500)).expect(201);
    expect(order.status).toBe('placed');
    await eventually(async () => expect((await read(order)).status).toBe('fired'), { within: 6_500 });
    const [fired] = (await it.published(OrderFired)).filter(({ subject }) => subject === order.id);
    expect((fired?.occurredAt.getTime() ?? 0) >= Date.parse(order.scheduled.fireAt)).toBe(true);
    expect(fired?.data.tickets?.flatMap(({ lineIds }) => lineIds)).toHaveLength(2);
  });

  test('that was cancelled or fired by hand before is left alone', async () => {
    const locationId = await open({ prepMinutes: 0 });
    const [cancelled, early, last] = await Promise.all(
      [1_000, 1_000, 1_200].map(async (ms) => (await promised(locationId, from(ms)).expect(201)).body as Order),
    );
    if (!cancelled || !early || !last) throw new Error('Three were placed.');
    await it.call('post', `/v1/orders/${cancelled.id}/cancel`).send({ reason: 'No' }).expect(200);
    await it.call('post', `/v1/orders/${early.id}/fire`).expect(200);
    await eventually(async () => expect((await read(last)).status).toBe('fired'), { within: 6_000 });
    expect(await firings([cancelled.id, early.id])).toEqual([early.id]);
  });
});

describe('scheduled orders over several processes', () => {
  const startAnother = (): Promise<Service> =>
    startService(orders, {
      environment: it.environment,
      eventLog: it.eventLog,
      log: it.service.app.get(LOGGER),
    });
  const place = async (count: number, ms: number): Promise<string[]> => {
    const locationId = await open({ prepMinutes: 0 });
    const placed = await Promise.all(Array.from({ length: count }, () => promised(locationId, from(ms)).expect(201)));
    return placed.map(({ body }) => body.id);
  };

  test('two of them fire each order once, and one that starts later fires what became due meanwhile', async () => {
    const other = await startAnother();
    const ids = await place(12, 1_500);
    await eventually(async () => expect(new Set(await firings(ids)).size).toBe(ids.length), { within: 8_000 });
    expect((await firings(ids)).toSorted()).toEqual(ids.toSorted());
    await other.stop();

    const left = await place(3, 1_500);
    await it.service.stop();
    await eventually(
      async () => {
        const due = 'select 1 from scheduled_orders where waiting and fire_at < now() and order_id = any($1)';
        expect((await it.sql.query(due, [left])).rowCount).toBe(3);
      },
      { within: 5_000 },
    );
    const restarted = await startAnother();
    await eventually(async () => expect((await firings(left)).toSorted()).toEqual(left.toSorted()), { within: 6_000 });
    await restarted.stop();
  });
});
