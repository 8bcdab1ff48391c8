import { PooledComanda } from '@comanda/client/node';
import type { Bill, BillState, LedgerTransaction, Order, Party, Payment } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, ApiProblem } from '../cli/api-client.js';
import { demoPlatform } from './testing/demo-platform.js';

let api: ApiClient;
let locationId: string;
let variationId: string;

beforeAll(async () => {
  const { demo } = await demoPlatform();
  api = new ApiClient(new PooledComanda(demo));
  // The one with taxes on top.
  locationId = demo.locations[1]?.id ?? '';
  const { body } = await api.get<{ items: { variations: { id: string }[] }[] }>(
    `/v1/catalog/locations/${locationId}/menu`,
  );
  variationId = body.items[0]?.variations[0]?.id ?? '';
}, 180_000);

afterAll(() => api.close());

const post = async <T>(path: string, body: object): Promise<{ status: number; body: T }> =>
  api.post<T>(path, { key: newId(), body });
const place = async (): Promise<Order> =>
  (await post<Order>('/v1/orders', { locationId, table: '7', lines: [{ variationId, quantity: 3 }] })).body;
const read = async ({ id }: Order): Promise<Order> => (await api.get<Order>(`/v1/orders/${id}`)).body;
const payCash = (bill: Bill, amount?: number) =>
  post<Payment>('/v1/payments', {
    bill,
    method: 'cash',
    ...(amount !== undefined && { amount: { amount, currency: bill.total.currency } }),
    tendered: { amount: 1_000_00, currency: bill.total.currency },
  });
const refusedCode = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    return `accepted: ${JSON.stringify(await attempt)}`;
  } catch (error) {
    return error instanceof ApiProblem ? error.code : String(error);
  }
};
const billAt = (order: Order, at: number): Bill => {
  const bill = order.checks[at]?.bill;
  if (!bill) throw new Error(`There is no check ${at}.`);
  return bill;
};
const paidInFull = (order: Order): Promise<void> =>
  eventually(async () => expect((await read(order)).paymentStatus).toBe('paid'), { within: 10_000 });
const stateOf = async ({ id }: { id: string }): Promise<BillState> =>
  (await api.get<BillState>(`/v1/payments/bills/${id}`)).body;

describe('checks and real payments', () => {
  test('split after a payment: paid with the newest bills to the cent, the older ones refused, the books right', async () => {
    const order = await place();
    const whole = order.totals.total.amount;
    await payCash(billAt(order, 0), 10_00);
    await eventually(async () => expect((await read(order)).checks[0]?.paid.amount).toBe(10_00), { within: 10_000 });
    const seen = await read(order);
    const { body: split } = await post<Order>(`/v1/orders/${order.id}/split`, {
      by: 'evenly',
      ways: 3,
      version: seen.version,
    });
    expect(split.checks.map((check) => check.totals.total.amount).reduce((a, b) => a + b)).toBe(whole);
    await payCash(billAt(split, 1));
    await eventually(async () => expect((await read(order)).checks[1]?.paid.amount).toBeGreaterThan(0), {
      within: 10_000,
    });
    const { body: more } = await post<Order>(`/v1/orders/${order.id}/lines`, { lines: [{ variationId }] });
    // The third guest shows the bill of before the addition, after payments has heard of it.
    await payCash(billAt(more, 2));
    expect(await refusedCode(payCash(billAt(split, 2)))).toBe('bill_superseded');
    await payCash(billAt(more, 3));
    await paidInFull(order);
    const paid = await read(order);
    expect(paid.checks.map((check) => check.paid.amount)).toEqual(paid.checks.map((c) => c.totals.total.amount));
    for (const check of paid.checks)
      expect(await stateOf(check)).toMatchObject({ due: { amount: 0 }, refundDue: { amount: 0 } });
    const { body: ledger } = await api.get<{ data: LedgerTransaction[] }>(`/v1/payments/ledger?orderId=${order.id}`);
    const taxes = ledger.data.flatMap(({ postings }) => postings.filter(({ account }) => account === 'tax'));
    expect(taxes.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(-paid.totals.tax.amount);
  });

  test('an undone split leaves nothing to pay on the checks that were', async () => {
    const order = await place();
    const { body: split } = await post<Order>(`/v1/orders/${order.id}/split`, { by: 'evenly', ways: 2, version: 1 });
    const { body: whole } = await post<Order>(`/v1/orders/${order.id}/unsplit`, { version: split.version });
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
    const { body: tab } = await post<Order>('/v1/orders', { locationId, tab: 'Ada, bar', lines: [] });
    const hold = { bill: billAt(tab, 0), method: 'card', source: 'tok_visa', capture: false, hold: usd(20_00) };
    const { body: card } = await post<Payment>('/v1/payments', hold);
    expect(card).toMatchObject({ status: 'authorized', held: usd(20_00), collected: usd(0) });
    for (let round = 0; round < 3; round += 1)
      await post<Order>(`/v1/orders/${tab.id}/lines`, { lines: [{ variationId }] });
    const { body: open } = await api.get<{ data: Order[] }>(`/v1/orders?tabs=open&locationId=${locationId}`);
    expect(open.data.map((each) => each.tab)).toEqual(['Ada, bar']);
    const total = open.data[0]?.totals.total.amount ?? 0;
    expect(total).toBeGreaterThan(20_00);
    // In whole multiples of what was held at first, so that it is enough.
    const enough = Math.ceil(total / 20_00) * 20_00;
    const check = { id: tab.checks[0]?.id ?? '' };
    await eventually(async () => expect(await stateOf(check)).toMatchObject({ held: usd(enough), due: usd(total) }), {
      within: 30_000,
    });
    const { body: paid } = await post<Payment>(`/v1/payments/${card.id}/capture`, { tip: usd(3_00) });
    expect(paid).toMatchObject({ status: 'captured', amount: usd(total), collected: usd(total + 3_00), held: null });
    await paidInFull(tab);
    await post(`/v1/orders/${tab.id}/complete`, {});
    expect((await api.get<{ data: Order[] }>('/v1/orders?tabs=open')).body.data).toEqual([]);
    expect(await stateOf(check)).toMatchObject({ due: usd(0), held: usd(0), refundDue: usd(0) });
  });

  test('two merged orders are paid together: a payment of each bill of the combined check, and both are paid', async () => {
    const [one, other] = [await place(), await place()];
    const { body: party } = await post<Party>(`/v1/orders/${one.id}/merge`, { orderIds: [other.id] });
    for (const bill of party.check.bills) await payCash(bill);
    await Promise.all([paidInFull(one), paidInFull(other)]);
    const { body } = await api.get<Party>(`/v1/orders/${other.id}/party`);
    expect(body.check).toMatchObject({ due: { amount: 0 }, paid: party.check.totals.total, bills: [] });
  });
});
