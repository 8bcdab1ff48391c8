import { setTimeout as pause } from 'node:timers/promises';
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

/** Waits until stock has followed every accepted order and points every order of a known guest: a minute at most. */
export async function settled(api: ApiClient, { accepted, ofCustomers }: ReplayTotals): Promise<Settled> {
  const until = performance.now() + 60_000;
  for (;;) {
    const stock = await summed<StockSummary>(api, '/v1/inventory/movements/summary', accepted);
    const points = await summed<PointsSummary>(api, '/v1/loyalty/points/summary', ofCustomers);
    const missing = {
      stock: accepted.length - (stock['orders'] ?? 0),
      points: ofCustomers.length - (points['orders'] ?? 0),
    };
    if (missing.stock <= 0 && missing.points <= 0)
      return { stockMovements: stock['movements'] ?? 0, pointsEarned: points['earned'] ?? 0 };
    if (performance.now() > until)
      throw new CommandFailure(
        `After a minute stock has not followed ${missing.stock} orders, nor points ${missing.points}. See npm run audit.`,
      );
    await pause(500);
  }
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
