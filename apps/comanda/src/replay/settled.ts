import { setTimeout as pause } from 'node:timers/promises';
import type { Comanda, Payment, Refund } from '@comanda/client';
import { CommandFailure } from '../cli/failure.js';
import type { ReplayTotals } from './replay.js';

/** What the other services made of a history's orders. */
export interface Settled {
  readonly stockMovements: number;
  readonly pointsEarned: number;
}

/**
 * Waits until stock has followed every accepted order and points every order that a known guest paid for: for as long as
 * they come nearer, and a minute when they do not.
 */
export async function settled(api: Comanda, { accepted, ofCustomers }: ReplayTotals): Promise<Settled> {
  let [nearest, until] = [Infinity, 0];
  for (;;) {
    const stock = await summed(
      accepted,
      async (orderIds) => (await api.POST('/v1/inventory/movements/summary', { body: { orderIds } })).data,
    );
    const points = await summed(
      ofCustomers,
      async (orderIds) => (await api.POST('/v1/loyalty/points/summary', { body: { orderIds } })).data,
    );
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
export async function concluded(api: Comanda, totals: ReplayTotals): Promise<void> {
  const until = performance.now() + 60_000;
  for (const { order, orderId, paymentId, refundId } of totals.open.splice(0)) {
    const path = { paymentId };
    const read = async () =>
      refundId === undefined
        ? paid((await api.GET('/v1/payments/{paymentId}', { path })).data)
        : returned(await refundOf(api, paymentId, refundId));
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

async function refundOf(api: Comanda, paymentId: string, refundId: string): Promise<Refund> {
  for await (const refund of api.all('/v1/payments/{paymentId}/refunds', { path: { paymentId } }))
    if (refund.id === refundId) return refund;
  throw new Error('A refund that was made is not among those of its payment.');
}

/** The sums of a summary over all orders, a thousand at a time. */
async function summed<T extends object>(
  orderIds: readonly string[],
  ask: (orderIds: string[]) => Promise<T>,
): Promise<Partial<Record<keyof T, number>>> {
  const sums: Partial<Record<keyof T, number>> = {};
  for (let at = 0; at < orderIds.length; at += 1_000) {
    const summary = await ask(orderIds.slice(at, at + 1_000));
    for (const [name, value] of Object.entries(summary) as [keyof T, number][]) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
