import { setTimeout as pause } from 'node:timers/promises';
import type { Comanda } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import type { Finding } from '@comanda/invariants';
import type { Sale } from './sales.js';

/** An order as the platform has it. */
export interface BookedOrder {
  readonly id: string;
  /** Minor units, as is `paid`. */
  readonly total: number;
  readonly paid: number;
}

/** A payment as the platform has it. */
export interface BookedPayment {
  readonly id: string;
  readonly orderId: string;
  readonly status: string;
  readonly amount: number;
}

export interface Book {
  readonly orders: readonly BookedOrder[];
  readonly payments: readonly BookedPayment[];
}

/**
 * Holds what clients were told against what the platform has: every order that was accepted is there exactly once and for the
 * same total; every payment that was taken is there, its order knows, and nobody paid more than the total.
 */
export function compare(sales: ReadonlyMap<string, Sale>, { orders, payments }: Book): Finding[] {
  const booked = Map.groupBy(orders, ({ id }) => id);
  const taken = Map.groupBy(payments, ({ orderId }) => orderId);
  const [ofOrders, ofPayments]: [string[], string[]] = [[], []];
  let paid = 0;
  for (const [id, { total, payment }] of sales) {
    const found = booked.get(id) ?? [];
    const [order] = found;
    if (found.length > 1) ofOrders.push(`Order ${id} is there ${found.length} times.`);
    if (total !== null && !order) ofOrders.push(`Order ${id} was accepted and is not there.`);
    if (total !== null && order && order.total !== total)
      ofOrders.push(`Order ${id} was accepted for ${total} and is there for ${order.total}.`);
    const captured = (taken.get(id) ?? []).filter(({ status }) => status === 'captured');
    const sum = captured.reduce((amounts, { amount }) => amounts + amount, 0);
    if (order && sum > order.total) ofPayments.push(`Order ${id} comes to ${order.total}, and ${sum} was collected.`);
    if (payment?.status !== 'captured') continue;
    paid += 1;
    if (!captured.some((each) => each.id === payment.id && each.amount === payment.amount))
      ofPayments.push(`Payment ${payment.id} of ${payment.amount} was taken and is not there.`);
    else if (order?.paid !== sum)
      ofPayments.push(`Of order ${id}, ${sum} was collected, and it says ${order?.paid ?? 0}.`);
  }
  const finding = (what: string, promise: string, examined: number, violations: readonly string[]): Finding => ({
    id: what,
    promise,
    examined,
    holds: violations.length === 0,
    violations: violations.slice(0, 100),
  });
  const accepted = [...sales.values()].filter(({ total }) => total !== null).length;
  return [
    finding('told', 'Every order that was accepted is there exactly once, for the same total.', accepted, ofOrders),
    finding('paid', 'Every payment that was taken is there, its order knows, and nobody paid more.', paid, ofPayments),
  ];
}

export interface Where {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly locationIds: readonly string[];
  /** Nothing older than this is of interest. */
  readonly since: Date;
}

/** Reads back what was sold, through the API, until it is as it was told or a minute has gone: orders hear of payments by events. */
export async function readBack(where: Where, sales: ReadonlyMap<string, Sale>): Promise<Finding[]> {
  const api = new PooledComanda({ ...where, connections: 2 });
  try {
    const until = performance.now() + 60_000;
    for (;;) {
      const found = compare(sales, await bookOf(api, where));
      if (found.every(({ holds }) => holds) || performance.now() > until) return found;
      await pause(2_000);
    }
  } finally {
    await api.close();
  }
}

async function bookOf(api: Comanda, { locationIds, since }: Where): Promise<Book> {
  const book: { orders: BookedOrder[]; payments: BookedPayment[] } = { orders: [], payments: [] };
  for (const locationId of locationIds) {
    const query = { locationId };
    for await (const { id, totals, checks } of newer(since, api.all('/v1/orders', { query })))
      book.orders.push({
        id,
        total: totals.total.amount,
        paid: checks.reduce((sum, check) => sum + check.paid.amount, 0),
      });
    for await (const { id, orderId, status, amount } of newer(since, api.all('/v1/payments', { query })))
      book.payments.push({ id, orderId, status, amount: amount.amount });
  }
  return book;
}

/** The clocks of two machines may differ by so many milliseconds. */
const CLOCKS = 300_000;

/** Of a list that begins with the newest, what was recorded since. */
async function* newer<T extends { recordedAt: string }>(since: Date, rows: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const row of rows) {
    if (Date.parse(row.recordedAt) < since.getTime() - CLOCKS) return;
    yield row;
  }
}
