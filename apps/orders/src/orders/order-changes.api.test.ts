import {
  type Order,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  type OrderFacts,
  OrderFired,
  OrderPaid,
  OrderPlaced,
  OrderReady,
  PaymentCaptured,
  PaymentRefunded,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { openShop, payment, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const post = (order: Order, verb: string, body?: object) => {
  const request = it.call('post', `/v1/orders/${order.id}/${verb}`);
  return body ? request.send(body) : request;
};
const read = async (order: Order): Promise<Order> => (await it.call('get', `/v1/orders/${order.id}`).expect(200)).body;
const lineIds = (order: Order): string[] => order.checks.flatMap(({ lines }) => lines.map(({ id }) => id));

/** Every event of an order, in the order of its versions. */
async function told(order: Order): Promise<[type: string, version: number, facts: OrderFacts][]> {
  const { rows } = await it.sql.query<{ type: string; version: number; data: OrderFacts }>(
    'select type, aggregate_version as version, data from outbox where subject = $1 order by id',
    [order.id],
  );
  return rows.map(({ type, version, data }) => [type, version, data]);
}

describe('an order’s way through the kitchen', () => {
  test('placed, fired, ready, completed: each told once, with the order as it then stood', async () => {
    const order = await shop.place();
    for (const verb of ['fire', 'ready', 'complete']) await post(order, verb).expect(200);
    const events = await told(order);
    expect(events.map(([type, version, { status }]) => [type, version, status])).toEqual([
      [OrderPlaced.type, 1, 'placed'],
      [OrderFired.type, 2, 'fired'],
      [OrderReady.type, 3, 'ready'],
      [OrderCompleted.type, 4, 'completed'],
    ]);
    const { checks: _, ...facts } = await read(order);
    expect(events.at(-1)?.[2]).toMatchObject(facts);
  });

  test('firing twice changes and tells nothing', async () => {
    const order = await shop.place();
    await post(order, 'fire').expect(200);
    const { body } = await post(order, 'fire').expect(200);
    expect(body.version).toBe(2);
    expect(await told(order)).toHaveLength(2);
  });

  test('a repeated request gets the stored answer', async () => {
    const order = await shop.place();
    const idempotencyKey = newId();
    const fire = () => it.call('post', `/v1/orders/${order.id}/fire`, { idempotencyKey });
    const { body: first } = await fire().expect(200);
    await post(order, 'complete').expect(200);
    const { body: again, headers } = await fire().expect(200);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(again).toEqual(first);
  });

  test('what is over refuses every change, saying where it stands', async () => {
    const order = await shop.place();
    await post(order, 'complete').expect(200);
    const [lineId] = lineIds(order);
    const refused = [
      post(order, 'fire'),
      post(order, 'ready'),
      post(order, 'complete'),
      post(order, 'cancel', { reason: 'Late' }),
      post(order, 'lines', { lines: [{ variationId: on.beerPint }] }),
      post(order, `lines/${lineId}/void`, { reason: 'Late' }),
      it.call('patch', `/v1/orders/${order.id}`).set('if-match', '"2"').send({ table: '1' }),
    ];
    for (const request of refused) {
      const { body } = await request.expect(409);
      expect(body).toMatchObject({ code: 'order_state', status: 409 });
    }
    expect(await told(order)).toHaveLength(2);
  });
});

describe('amending', () => {
  const patch = (order: Order, body: object) => it.call('patch', `/v1/orders/${order.id}`).send(body);

  test('needs the version that was read; a stale one gets the order as it is', async () => {
    const order = await shop.place();
    const { body } = await patch(order, { table: '7', version: 1 }).expect(200);
    expect(body).toMatchObject({ table: '7', version: 2, checks: [{ version: 1 }] });
    const { body: stale } = await patch(order, { table: '8' }).set('if-match', '"1"').expect(412);
    expect(stale).toMatchObject({ code: 'version_stale', current: { table: '7', version: 2 } });
    expect((await patch(order, { table: '8' }).expect(428)).body.code).toBe('version_missing');
    expect((await read(order)).table).toBe('7');
  });

  test('a discount makes a new bill, which is signed', async () => {
    const order = await shop.place();
    const half = { kind: 'percent', name: 'Regulars', rate: 500_000 };
    const { body } = await patch(order, { discounts: [half], version: 1 }).expect(200);
    const [check] = body.checks;
    expect(check).toMatchObject({ version: 2, bill: { version: 2, total: usd(13_80), tax: usd(1_80) } });
    expect(check.bill.signature).not.toBe(order.checks[0]?.bill.signature);
  });
});

describe('adding lines', () => {
  test('two waiters at once: all lines are there, and none twice', async () => {
    const order = await shop.place();
    const ids = Array.from({ length: 20 }, () => newId());
    const add = (id: string) => {
      const request = it.call('post', `/v1/orders/${order.id}/lines`, { idempotencyKey: id });
      return request.send({ lines: [{ id, variationId: on.margheritaSmall }] });
    };
    // Each is sent twice, as by a till that got no answer.
    const answers = await Promise.all([...ids, ...ids].map(add));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const after = await read(order);
    expect(lineIds(after).toSorted()).toEqual([...lineIds(order), ...ids].toSorted());
    expect(after).toMatchObject({ version: 21, totals: { total: usd(27_60 + 20 * 9_90) }, checks: [{ version: 21 }] });
    const versions = (await told(order)).map(([, version]) => version);
    expect(versions).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  test('sells from the menu of now, or from the one that is named', async () => {
    const { id: locationId } = await it.makeLocation();
    const old = menu({ locationId });
    await shop.publish(old, 1);
    const order = await shop.place({ locationId });
    await shop.publish(menu({ locationId, pint: 700 }), 2);
    const lines = [{ variationId: on.beerPint }];
    const { body: added } = await post(order, 'lines', { lines }).expect(201);
    const { body: named } = await post(order, 'lines', { lines, menuHash: old.hash }).expect(201);
    expect(added.totals.total).toEqual(usd(27_60 + 8_40));
    expect(named).toMatchObject({ menuHash: old.hash, totals: { total: usd(27_60 + 8_40 + 7_20) } });
  });

  test('to a check of another order is refused, and to a line id that is taken', async () => {
    const [one, other] = [await shop.place(), await shop.place()];
    const lines = [{ variationId: on.beerPint }];
    await post(one, 'lines', { lines, checkId: other.checks[0]?.id }).expect(404);
    const [id] = lineIds(one);
    expect((await post(one, 'lines', { lines: [{ ...lines[0], id }] }).expect(409)).body.code).toBe('id_taken');
  });
});

describe('voiding', () => {
  test('a line stays with its reason, and is voided once', async () => {
    const order = await shop.place();
    await post(order, 'fire').expect(200);
    const [lineId] = lineIds(order);
    const { body } = await post(order, `lines/${lineId}/void`, { reason: 'Dropped' }).expect(200);
    expect(body.checks[0].lines[0]).toMatchObject({
      status: 'voided',
      voided: { reason: 'Dropped', sent: true },
      total: usd(0),
    });
    expect(body.totals.total).toEqual(usd(14_40));
    expect((await post(order, `lines/${lineId}/void`, { reason: 'Again' }).expect(409)).body.code).toBe('line_state');
    expect((await post(order, `lines/${newId()}/void`, { reason: 'Which?' }).expect(404)).body.code).toBe('not_found');
    await post(order, `lines/${lineId}/void`, {}).expect(400);
  });

  test('the whole order leaves a total of zero and its reason', async () => {
    const order = await shop.place();
    const { body } = await post(order, 'cancel', { reason: 'Guest left', occurredAt: new Date().toISOString() }).expect(
      200,
    );
    expect(body).toMatchObject({
      status: 'cancelled',
      cancelled: { reason: 'Guest left' },
      totals: { total: usd(0) },
      checks: [{ bill: { version: 2, total: usd(0) } }],
    });
    expect((await told(order)).map(([type]) => type)).toEqual([OrderPlaced.type, OrderCancelled.type]);
  });
});

describe('what payments tells', () => {
  const refund = (order: Order, paid: ReturnType<typeof payment>, amount: number, version: number) =>
    it.deliver(PaymentRefunded, {
      ...paid,
      version,
      refunded: usd(amount),
      refund: {
        id: newId(),
        amount: usd(amount),
        rounding: usd(0),
        tip: usd(0),
        returned: usd(amount),
        fee: usd(0),
        reason: 'Cold',
        businessDate: order.businessDate,
        occurredAt: new Date().toISOString(),
      },
    });

  test('two guests pay their halves: partly paid, then paid, and told so', async () => {
    const order = await shop.place();
    await shop.pay(order, 13_80);
    expect(await read(order)).toMatchObject({
      paymentStatus: 'partly_paid',
      checks: [{ paid: usd(13_80), version: 1 }],
    });
    await shop.pay(order, 13_80);
    expect(await read(order)).toMatchObject({ paymentStatus: 'paid', version: 3, checks: [{ paid: usd(27_60) }] });
    expect((await told(order)).map(([type]) => type)).toEqual([OrderPlaced.type, OrderChanged.type, OrderPaid.type]);
  });

  test('a refund comes off what is paid and makes nothing due', async () => {
    const order = await shop.place();
    const paid = payment(order, 27_60);
    await it.deliver(PaymentCaptured, paid);
    await refund(order, paid, 10_00, 2);
    expect(await read(order)).toMatchObject({ paymentStatus: 'paid', checks: [{ paid: usd(17_60) }] });
  });

  test('an event that comes twice under one id, or again under another, counts once', async () => {
    const order = await shop.place();
    const paid = payment(order, 10_00);
    const { id } = await it.deliver(PaymentCaptured, paid);
    await it.deliver(PaymentCaptured, paid, { id });
    await it.deliver(PaymentCaptured, paid);
    expect(await read(order)).toMatchObject({ version: 2, checks: [{ paid: usd(10_00) }] });
  });

  test('a refund that comes before its payment', async () => {
    const order = await shop.place();
    const paid = payment(order, 27_60);
    await refund(order, paid, 10_00, 2);
    await it.deliver(PaymentCaptured, paid);
    expect(await read(order)).toMatchObject({ paymentStatus: 'paid', version: 2, checks: [{ paid: usd(17_60) }] });
  });

  test('a completed order is paid like any other', async () => {
    const order = await shop.place({ completed: true });
    await shop.pay(order, 27_60);
    expect(await read(order)).toMatchObject({ status: 'completed', paymentStatus: 'paid' });
  });

  test('an order that nobody placed is no reason to stop: the event is parked, the next one counts', async () => {
    const order = await shop.place();
    await it.deliver(PaymentCaptured, { ...payment(order, 10_00), orderId: newId() });
    await shop.pay(order, 27_60);
    expect((await read(order)).paymentStatus).toBe('paid');
  });
});

describe('switching dine-in to take-away re-taxes what is not paid', () => {
  const MENUS = {
    'DE 19/7, in the price': { currency: 'EUR', inclusive: true, eatIn: 190_000, takeAway: 70_000 },
    'JP 10/8, on top': { currency: 'JPY', inclusive: false, eatIn: 100_000, takeAway: 80_000 },
  };
  /** A location where what is eaten in is taxed otherwise than what is taken away; a pint costs 1,000. */
  async function open({ currency, inclusive, eatIn, takeAway }: (typeof MENUS)[keyof typeof MENUS]): Promise<string> {
    const { id: locationId } = await it.makeLocation({ currency });
    const { hash: _, ...usual } = menu({ locationId, currency, pint: 1_000 });
    const [first, second] = usual.taxes;
    if (!first || !second) throw new Error('The menu has two taxes.');
    const taxes: typeof usual.taxes = [
      { ...first, rate: eatIn, inclusive, serviceTypes: ['dine_in'] },
      { ...second, rate: takeAway, inclusive, serviceTypes: ['take_away', 'delivery', 'drive_through'] },
    ];
    const items = usual.items.map((item) => ({ ...item, taxIds: taxes.map(({ id }) => id) }));
    await shop.publish(seal({ ...usual, items, taxes }), 1);
    return locationId;
  }
  const twoPints = (locationId: string) =>
    shop.place({ locationId, lines: [{ variationId: on.beerPint }, { variationId: on.beerPint }] });
  const takeAway = async (order: Order): Promise<Order> => {
    const { version } = await read(order);
    const amend = it.call('patch', `/v1/orders/${order.id}`).send({ serviceType: 'take_away', version });
    return (await amend.expect(200)).body;
  };
  const taxesOf = (order: Order) =>
    order.checks.flatMap(({ lines }) => lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount.amount)));

  test.each([
    ['DE 19/7, in the price', [160, 160], [65, 65], [2_000, 2_000]],
    ['JP 10/8, on top', [100, 100], [80, 80], [2_200, 2_160]],
  ] as const)('%s: all of it, when nothing is', async (place, before, after, totals) => {
    const order = await twoPints(await open(MENUS[place]));
    const away = await takeAway(order);
    expect([taxesOf(order), taxesOf(away)]).toEqual([before, after]);
    expect([order, away].map((each) => each.totals.total.amount)).toEqual(totals);
  });

  test.each([
    ['DE 19/7, in the price', [160, 65], 2_000, 1_000],
    ['JP 10/8, on top', [100, 80], 2_180, 1_100],
  ] as const)('%s: the lines that are not, when one guest has paid', async (place, after, total, paid) => {
    const order = await twoPints(await open(MENUS[place]));
    const [mine, yours] = lineIds(order).map((lineId) => ({ lines: [{ lineId, parts: 1 }] }));
    const { body: split } = await post(order, 'split', { by: 'items', checks: [mine, yours], version: 1 }).expect(200);
    await shop.pay(split, paid);
    const away = await takeAway(order);
    expect(taxesOf(away)).toEqual(after);
    expect(away.checks.map(({ totals }) => totals.total.amount)).toEqual([paid, total - paid]);
    expect(away.totals.total.amount).toBe(total);
    // And they keep it, whatever is changed later.
    const { body: more } = await post(order, 'lines', { lines: [{ variationId: on.beerPint }] }).expect(201);
    expect(taxesOf(more)).toEqual([...after, after[1]]);
  });

  test.each(['DE 19/7, in the price', 'JP 10/8, on top'] as const)('%s: nothing, when all is', async (place) => {
    const order = await twoPints(await open(MENUS[place]));
    await shop.pay(order, order.totals.total.amount);
    const away = await takeAway(order);
    expect(away).toMatchObject({ serviceType: 'take_away', totals: order.totals, paymentStatus: 'paid' });
    expect(taxesOf(away)).toEqual(taxesOf(order));
  });
});
