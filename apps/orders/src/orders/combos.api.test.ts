import { ItemAvailabilityChanged, type Order, OrderChanged } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { beforeAll, describe, expect, test } from 'vitest';
import { combo, LUNCH, lunchMenu, lunchWith } from '../testing/combo-menu.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.publish(
    lunchMenu((same) => same, { locationId: shop.it.location.id }),
    2,
  );
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const lunches = (quantity: number) => ({ lines: [{ ...lunchWith(on.margheritaLarge, on.beerPint), quantity }] });
const linesOf = (order: Order) => order.checks.flatMap(({ lines }) => lines);
const post = (path: string, body: object = {}) => shop.it.call('post', path).send(body);

describe('201', () => {
  test('a quote of combos is the charge, and the event tells every component with its combo', async () => {
    const body = shop.body(lunches(3));
    const { body: quoted } = await post('/v1/orders/quote', body).expect(200);
    const order = await shop.place(lunches(3));
    expect(order.totals).toEqual(quoted.totals);
    expect(order.totals).toMatchObject({ gross: usd(39_00), total: usd(44_20) });
    const { rows } = await shop.it.sql.query('select data from outbox where subject = $1', [order.id]);
    expect(rows[0].data.checks[0].lines).toMatchObject([
      { variationId: on.margheritaLarge, quantity: 3, combo: { variationId: LUNCH.variation, slot: 'main' } },
      { variationId: on.beerPint, quantity: 3, combo: { variationId: LUNCH.variation, slot: 'drink' } },
    ]);
  });

  test('a countdown of a combo counts combos, one of a component counts what is in them, and voiding gives both back', async () => {
    const { id: locationId } = shop.it.location;
    const count = (variationId: string, remaining: number) =>
      shop.it.call('put', `/v1/orders/countdowns/${locationId}/${variationId}`).send({ remaining }).expect(200);
    const left = async (): Promise<(number | undefined)[]> => {
      const { body } = await shop.it.call('get', `/v1/orders/countdowns?locationId=${locationId}`).expect(200);
      const rows = body.data as { variationId: string; remaining: number }[];
      return [LUNCH.variation, on.beerPint].map((id) => rows.find(({ variationId }) => variationId === id)?.remaining);
    };
    await count(LUNCH.variation, 4);
    await count(on.beerPint, 10);
    const order = await shop.place(lunches(3));
    expect(await left()).toEqual([1, 7]);
    expect((await post('/v1/orders', shop.body(lunches(2))).expect(409)).body.code).toBe('countdown_exhausted');
    await post(`/v1/orders/${order.id}/lines/${linesOf(order)[1]?.id}/void`, { reason: 'Changed their mind' }).expect(
      200,
    );
    expect(await left()).toEqual([4, 10]);
    for (const id of [LUNCH.variation, on.beerPint])
      await shop.it.call('delete', `/v1/orders/countdowns/${locationId}/${id}`).expect(204);
  });
});

test('breaking a combo gives it back to its countdown, not what was in it; once the kitchen has it, nothing', async () => {
  const { id: locationId } = shop.it.location;
  const countdown = (id: string) => `/v1/orders/countdowns/${locationId}/${id}`;
  const left = async (): Promise<(number | undefined)[]> => {
    const { body } = await shop.it.call('get', `/v1/orders/countdowns?locationId=${locationId}`).expect(200);
    const rows = body.data as { variationId: string; remaining: number }[];
    return [LUNCH.variation, on.beerPint].map((id) => rows.find(({ variationId }) => variationId === id)?.remaining);
  };
  for (const id of [LUNCH.variation, on.beerPint])
    await shop.it.call('put', countdown(id)).send({ remaining: 10 }).expect(200);
  const [order, sent] = [await shop.place(lunches(2)), await shop.place(lunches(3))];
  expect(await left()).toEqual([5, 5]);
  const breaking = (of: Order) => post(`/v1/orders/${of.id}/combos/${linesOf(of)[0]?.combo?.id}/break`).expect(200);
  const { body: broken } = await breaking(order);
  expect(await left()).toEqual([7, 5]);
  await post(`/v1/orders/${order.id}/lines/${linesOf(broken)[1]?.id}/void`, { reason: 'Water is fine' }).expect(200);
  expect(await left()).toEqual([7, 7]);
  await post(`/v1/orders/${sent.id}/fire`).expect(200);
  await breaking(sent);
  expect(await left()).toEqual([7, 7]);
  for (const id of [LUNCH.variation, on.beerPint]) await shop.it.call('delete', countdown(id)).expect(204);
});

describe('200', () => {
  test('breaking a combo makes lines of their own of it, once, and is told as a change', async () => {
    const order = await shop.place(lunches(1));
    const comboId = linesOf(order)[0]?.combo?.id;
    const { body: broken } = await post(`/v1/orders/${order.id}/combos/${comboId}/break`).expect(200);
    expect(linesOf(broken).map(({ unitPrice, combo: of }) => [unitPrice.amount, of])).toEqual([
      [12_00, undefined],
      [6_00, undefined],
    ]);
    expect(broken.totals.total).toEqual(usd(20_40));
    const told = (await shop.it.published(OrderChanged)).filter(({ subject }) => subject === order.id);
    expect(told.map(({ version }) => version)).toEqual([2]);
    await post(`/v1/orders/${order.id}/combos/${comboId}/break`).expect(404);
  });
});

describe('422', () => {
  const refused = async (asked: object) => {
    const { body } = await post('/v1/orders', shop.body({ lines: [line(on.margheritaLarge), asked] })).expect(422);
    return [body.code, body.errors[0].pointer];
  };

  test('too few in a slot, and what is no choice of it', async () => {
    expect(await refused(combo([{ slot: 'main', variationId: on.margheritaLarge }]))).toEqual([
      'slot_min',
      '/lines/1/components',
    ]);
    expect(await refused(lunchWith(on.beerPint, on.beerPint))).toEqual(['slot_unknown', '/lines/1/components/0']);
  });

  test('a component that is sold out, and with it no other combo', async () => {
    const out = (available: boolean, aggregateVersion: number) =>
      shop.it.deliver(
        ItemAvailabilityChanged,
        {
          ...ItemAvailabilityChanged.example,
          id: OUT,
          locationId: shop.it.location.id,
          itemId: on.margherita,
          variationId: on.margheritaLarge,
          available,
          until: null,
        },
        { aggregateVersion },
      );
    await out(false, 1);
    expect(await refused(lunchWith(on.margheritaLarge, on.beerPint))).toEqual([
      'item_unavailable',
      '/lines/0/variationId',
    ]);
    const { body } = await post('/v1/orders', shop.body(lunches(1))).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/lines/0/components/0/variationId' }]);
    await shop.place({ lines: [lunchWith(on.margheritaSmall, on.beerPint)] });
    await out(true, 2);
  });
});

const OUT = newId();
