import { setTimeout as pause } from 'node:timers/promises';
import type { Payment, Refund } from '@comanda/contracts';
import type { ApiClient } from '../cli/api-client.js';
import { CommandFailure } from '../cli/failure.js';
import type { ReplayTotals } from './replay.js';

/** What the other services made of a history's orders. */
export interface Settled {
  readonly stockMovements: number;
  readonly pointsEarned: number;
}

interface StockSummary {
  readonly orders: number;
  readonly movements: number;
}

interface PointsSummary {
  readonly orders: number;
  readonly earned: number;
}

/**
 * Waits until stock has followed every accepted order and points every order that a known guest paid for: for as long as
 * they come nearer, and a minute when they do not.
 */
export async function settled(api: ApiClient, { accepted, ofCustomers }: ReplayTotals): Promise<Settled> {
  let [nearest, until] = [Infinity, 0];
  for (;;) {
    const stock = await summed<StockSummary>(api, '/v1/inventory/movements/summary', accepted);
    const points = await summed<PointsSummary>(api, '/v1/loyalty/points/summary', ofCustomers);
    const missing = {
      stock: accepted.length - (stock['orders'] ?? 0),
      points: ofCustomers.length - (points['orders'] ?? 0),
    };
    if (missing.stock <= 0 && missing.points <= 0)
      return { stockMovements: stock['movements'] ?? 0, pointsEarned: points['earned'] ?? 0 };
    const behind = missing.stock + missing.points;
    if (behind < nearest) [nearest, until] = [behind, performance.now() + 60_000];
    if (performance.now() > until)
      throw new CommandFailure(
        `After a minute stock has not followed ${missing.stock} orders, nor points ${missing.points}. See npm run audit.`,
      );
    await pause(500);
  }
}

/**
 * Asks after payments and refunds whose end was not known when they were made, until it is: a minute at most. Adds what
 * was paid and given back to the totals, and what was not to those unpaid.
 */
export async function concluded(api: ApiClient, totals: ReplayTotals): Promise<void> {
  const until = performance.now() + 60_000;
  for (const { order, orderId, paymentId, refundId } of totals.open.splice(0)) {
    const path = `/v1/payments/${paymentId}`;
    const read = async () =>
      refundId === undefined
        ? paid((await api.get<Payment>(path)).body)
        : returned(await refundOf(api, path, refundId));
    let end = await read();
    while (end === undefined && performance.now() < until) {
      await pause(500);
      end = await read();
    }
    if (typeof end === 'number') totals[refundId === undefined ? 'paid' : 'refunded'] += end;
    else totals.unpaid.push({ order, why: end ?? 'The card’s provider has not said within a minute how it ended.' });
    // An order that was not paid earns no points.
    if (typeof end !== 'number' && refundId === undefined)
      totals.ofCustomers = totals.ofCustomers.filter((id) => id !== orderId);
  }
}

/** What was paid of the bill; why not; `undefined` while nobody knows. */
function paid({ status, collected, tip, declineCode }: Payment): number | string | undefined {
  switch (status) {
    case 'captured':
      return collected.amount - tip.amount;
    case 'declined':
      return `The card was declined (${declineCode ?? 'no reason given'}).`;
    case 'authorized':
    case 'voided':
      return `The payment is ${status}.`;
    case 'pending':
    case 'unknown':
      return undefined;
  }
}

/** What was given back; why not; `undefined` while nobody knows. */
function returned({ status, returned: given, tip, declineCode }: Refund): number | string | undefined {
  switch (status) {
    case 'succeeded':
      return given.amount - tip.amount;
    case 'failed':
      return `The refund was declined (${declineCode ?? 'no reason given'}).`;
    case 'pending':
    case 'unknown':
      return undefined;
  }
}

async function refundOf(api: ApiClient, path: string, refundId: string): Promise<Refund> {
  for await (const refund of api.all<Refund>(`${path}/refunds`)) if (refund.id === refundId) return refund;
  throw new Error('A refund that was made is not among those of its payment.');
}

/** The sums of a summary over all orders, a thousand at a time. */
async function summed<T extends object>(
  api: ApiClient,
  path: string,
  orderIds: readonly string[],
): Promise<Partial<Record<keyof T, number>>> {
  const sums: Partial<Record<keyof T, number>> = {};
  for (let at = 0; at < orderIds.length; at += 1_000) {
    const { body } = await api.post<T>(path, { body: { orderIds: orderIds.slice(at, at + 1_000) } });
    for (const [name, value] of Object.entries(body) as [keyof T, number][]) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
