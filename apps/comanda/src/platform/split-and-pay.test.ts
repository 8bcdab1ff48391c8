import { ApiProblem, type Bill, type BillState, type NewOrder, type Order } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPlatform } from './testing/demo-platform.js';

let api: PooledComanda;
let locationId: string;
let variationId: string;

beforeAll(async () => {
  const { demo } = await demoPlatform();
  api = new PooledComanda(demo);
  // The one with taxes on top.
  locationId = demo.locations[1]?.id ?? '';
  const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
  variationId = menu.items[0]?.variations[0]?.id ?? '';
}, 180_000);

afterAll(() => api.close());

/** As the path of a route about an order. */
const at = ({ id }: Order) => ({ path: { orderId: id } });
const place = async (more: Partial<NewOrder> = {}): Promise<Order> => {
  const body = { locationId, table: '7', lines: [{ variationId, quantity: 3 }], ...more };
  return (await api.POST('/v1/orders', { body })).data;
};
const read = async (order: Order): Promise<Order> => (await api.GET('/v1/orders/{orderId}', at(order))).data;
const addOne = async (order: Order): Promise<Order> =>
  (await api.POST('/v1/orders/{orderId}/lines', { ...at(order), body: { lines: [{ variationId }] } })).data;
const splitEvenly = async (order: Order, ways: number): Promise<Order> => {
  const body = { by: 'evenly', ways, version: order.version } as const;
  return (await api.POST('/v1/orders/{orderId}/split', { ...at(order), body })).data;
};
const openTabs = async (query: { locationId?: string } = {}): Promise<Order[]> =>
  (await api.GET('/v1/orders', { query: { ...query, tabs: 'open' } })).data.data;
const payCash = (bill: Bill, amount?: number) =>
  api.POST('/v1/payments', {
    body: {
      bill,
      method: 'cash',
      ...(amount !== undefined && { amount: { amount, currency: bill.total.currency } }),
      tendered: { amount: 1_000_00, currency: bill.total.currency },
    },
  });
const refusedCode = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    return `accepted: ${JSON.stringify(await attempt)}`;
  } catch (error) {
    return error instanceof ApiProblem ? error.code : String(error);
  }
};
const billAt = (order: Order, check: number): Bill => {
  const bill = order.checks[check]?.bill;
  if (!bill) throw new Error(`There is no check ${check}.`);
  return bill;
};
const paidInFull = (order: Order): Promise<void> =>
  eventually(async () => expect((await read(order)).paymentStatus).toBe('paid'), { within: 10_000 });
const stateOf = async ({ id }: { id: string }): Promise<BillState> =>
  (await api.GET('/v1/payments/bills/{checkId}', { path: { checkId: id } })).data;

describe('checks and real payments', () => {
  test('split after a payment: paid with the newest bills to the cent, the older ones refused, the books right', async () => {
    const order = await place();
    const whole = order.totals.total.amount;
    await payCash(billAt(order, 0), 10_00);
    await eventually(async () => expect((await read(order)).checks[0]?.paid.amount).toBe(10_00), { within: 10_000 });
    const seen = await read(order);
    const split = await splitEvenly(seen, 3);
    expect(split.checks.map((check) => check.totals.total.amount).reduce((a, b) => a + b)).toBe(whole);
    await payCash(billAt(split, 1));
    await eventually(async () => expect((await read(order)).checks[1]?.paid.amount).toBeGreaterThan(0), {
      within: 10_000,
    });
    const more = await addOne(order);
    // The third guest shows the bill of before the addition, after payments has heard of it.
    await payCash(billAt(more, 2));
    expect(await refusedCode(payCash(billAt(split, 2)))).toBe('bill_superseded');
    await payCash(billAt(more, 3));
    await paidInFull(order);
    const paid = await read(order);
    expect(paid.checks.map((check) => check.paid.amount)).toEqual(paid.checks.map((c) => c.totals.total.amount));
    for (const check of paid.checks)
      expect(await stateOf(check)).toMatchObject({ due: { amount: 0 }, refundDue: { amount: 0 } });
    const { data: ledger } = await api.GET('/v1/payments/ledger', { query: { orderId: order.id } });
    const taxes = ledger.data.flatMap(({ postings }) => postings.filter(({ account }) => account === 'tax'));
    expect(taxes.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(-paid.totals.tax.amount);
  });

  test('an undone split leaves nothing to pay on the checks that were', async () => {
    const order = await place();
    const split = await splitEvenly(order, 2);
    const body = { version: split.version };
    const { data: whole } = await api.POST('/v1/orders/{orderId}/unsplit', { ...at(order), body });
    await eventually(async () => expect((await stateOf({ id: split.checks[1]?.id ?? '' })).total.amount).toBe(0), {
      within: 10_000,
    });
    expect(await refusedCode(payCash(billAt(split, 1)))).toBe('bill_superseded');
    expect(await refusedCode(payCash(billAt(whole, 1)))).toBe('nothing_due');
    await payCash(billAt(whole, 0));
    await paidInFull(order);
  });

  test('an open tab holds a card, has more held as it grows, and is closed with a tip', async () => {
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    const tab = await place({ table: null, tab: 'Ada, bar', lines: [] });
    const { data: card } = await api.POST('/v1/payments', {
      body: { bill: billAt(tab, 0), method: 'card', source: 'tok_visa', capture: false, hold: usd(20_00) },
    });
    expect(card).toMatchObject({ status: 'authorized', held: usd(20_00), collected: usd(0) });
    for (let round = 0; round < 3; round += 1) await addOne(tab);
    const open = await openTabs({ locationId });
    expect(open.map((each) => each.tab)).toEqual(['Ada, bar']);
    const total = open[0]?.totals.total.amount ?? 0;
    expect(total).toBeGreaterThan(20_00);
    // In whole multiples of what was held at first, so that it is enough.
    const enough = Math.ceil(total / 20_00) * 20_00;
    const check = { id: tab.checks[0]?.id ?? '' };
    await eventually(async () => expect(await stateOf(check)).toMatchObject({ held: usd(enough), due: usd(total) }), {
      within: 30_000,
    });
    const path = { paymentId: card.id };
    const { data: paid } = await api.POST('/v1/payments/{paymentId}/capture', { path, body: { tip: usd(3_00) } });
    expect(paid).toMatchObject({ status: 'captured', amount: usd(total), collected: usd(total + 3_00), held: null });
    await paidInFull(tab);
    await api.POST('/v1/orders/{orderId}/complete', at(tab));
    expect(await openTabs()).toEqual([]);
    expect(await stateOf(check)).toMatchObject({ due: usd(0), held: usd(0), refundDue: usd(0) });
  });

  test('two merged orders are paid together: a payment of each bill of the combined check, and both are paid', async () => {
    const [one, other] = [await place(), await place()];
    const body = { orderIds: [other.id] };
    const { data: party } = await api.POST('/v1/orders/{orderId}/merge', { ...at(one), body });
    for (const bill of party.check.bills) await payCash(bill);
    await Promise.all([paidInFull(one), paidInFull(other)]);
    const { data: seen } = await api.GET('/v1/orders/{orderId}/party', at(other));
    expect(seen.check).toMatchObject({ due: { amount: 0 }, paid: party.check.totals.total, bills: [] });
  });
});
