import { type Order, OrderReturned, type Return } from '@comanda/contracts';
import { isClaimSigned, newId, returnKey } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { lunchMenu, lunchWith } from '../testing/combo-menu.js';
import { ON_THE_MENU as on } from '../testing/menu.js';
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
const linesOf = (order: Order) => order.checks.flatMap(({ lines }) => lines);
const read = async ({ id }: Order): Promise<Order> => (await shop.it.call('get', `/v1/orders/${id}`).expect(200)).body;
const giveBack = (order: Order, asked: object, options = {}) =>
  shop.it.call('post', `/v1/orders/${order.id}/returns`, options).send({ reason: 'Cold', ...asked });

async function bought(more: object = {}): Promise<Order> {
  const order = await shop.place(more);
  await shop.pay(order, order.totals.total.amount);
  await eventually(async () => expect((await read(order)).paymentStatus).toBe('paid'), { within: 10_000 });
  return order;
}

describe('201', () => {
  test('one of three menus goes back with its components and its part of the price, under a signed claim', async () => {
    const order = await bought({ lines: [{ ...lunchWith(on.margheritaLarge, on.beerPint), quantity: 3 }] });
    const comboId = linesOf(order)[0]?.combo?.id;
    const { body } = await giveBack(order, { combos: [{ comboId }] }).expect(201);
    const made = body as Return;
    // Of 26.01 + 2.60 and 12.99 + 2.60: what the first of three is.
    expect(made.lines).toMatchObject([
      { quantity: 1, gross: usd(8_67), net: usd(8_67), taxes: [{ taxId: on.salesTax, amount: usd(87) }] },
      { quantity: 1, gross: usd(4_33), net: usd(4_33), taxes: [{ taxId: on.alcoholTax, amount: usd(87) }] },
    ]);
    expect(made).toMatchObject({ total: usd(14_74), tax: usd(1_74), reason: 'Cold' });
    const { claim } = made;
    expect(claim).toMatchObject({ orderId: order.id, returnId: made.id, total: made.total, tax: made.tax });
    expect(isClaimSigned(returnKey(shop.it.environment['COMANDA_SECRET'] ?? ''), claim)).toBe(true);
    const after = await read(order);
    expect(after.returns).toEqual([made]);
    expect(linesOf(after).map(({ returned }) => returned)).toEqual([1, 1]);
    expect(after.totals).toEqual(order.totals);
    const [told] = (await shop.it.published(OrderReturned)).filter(({ subject }) => subject === order.id);
    expect(told).toMatchObject({ version: after.version, data: { returns: [{ id: made.id, total: made.total }] } });
    expect(JSON.stringify(told?.data)).not.toContain(claim.signature);
  });

  test('an order that is completed gives back as well', async () => {
    const order = await bought();
    await shop.it.call('post', `/v1/orders/${order.id}/complete`).expect(200);
    await giveBack(order, { lines: [{ lineId: linesOf(order)[0]?.id }] }).expect(201);
  });
});

describe('409', () => {
  test('of two who return the last unit at once exactly one does', async () => {
    const order = await bought();
    const lineId = linesOf(order)[1]?.id;
    await giveBack(order, { lines: [{ lineId, quantity: 1 }] }).expect(201);
    const answers = await Promise.all([1, 2].map(() => giveBack(order, { lines: [{ lineId, quantity: 1 }] })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('return_exceeds_sold');
    expect(linesOf(await read(order))[1]?.returned).toBe(2);
  });

  test('an order that is not paid, and one whose return has the id', async () => {
    const open = await shop.place();
    const lines = [{ lineId: linesOf(open)[0]?.id }];
    expect((await giveBack(open, { lines }).expect(409)).body.code).toBe('order_unpaid');
    const order = await bought();
    const body = { id: newId(), lines: [{ lineId: linesOf(order)[1]?.id }] };
    await giveBack(order, body).expect(201);
    expect((await giveBack(order, body).expect(409)).body.code).toBe('id_taken');
  });

  test('lines of an order with returns stay as they are', async () => {
    const order = await bought();
    await giveBack(order, { lines: [{ lineId: linesOf(order)[0]?.id }] }).expect(201);
    const more = shop.it.call('post', `/v1/orders/${order.id}/lines`).send({ lines: [{ variationId: on.beerPint }] });
    expect((await more.expect(409)).body.code).toBe('order_returned');
  });
});

test('422: what is not on the order, and nothing at all', async () => {
  const order = await bought();
  const { body } = await giveBack(order, { combos: [{ comboId: newId() }] }).expect(422);
  expect(body).toMatchObject({ code: 'reference_unknown', errors: [{ pointer: '/combos/0' }] });
  expect((await giveBack(order, {}).expect(422)).body.code).toBe('reference_unknown');
});
