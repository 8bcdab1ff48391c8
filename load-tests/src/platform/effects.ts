import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { BenchPlatform } from './bench-platform.js';

/** When the effects of one order were to be seen: `performance.now()`. */
export interface Seen {
  readonly stock: number;
  readonly points: number;
}

interface Awaited {
  readonly resolve: (seen: Seen) => void;
  stock?: number;
  points?: number;
  /** The last of what waited to be settled when its movements were first seen; the levels follow once all of that is gone. */
  unsettled?: number;
}

/**
 * Looks, as whoever reads would, whether an order's stock is off the shelves and its points are on the guest's account. A
 * look is a few milliseconds after the last, so a time is by so much too late, never too early.
 */
export class Effects {
  readonly #awaited = new Map<string, Awaited>();
  readonly #clients: Promise<{ inventory: pg.Client; loyalty: pg.Client }>;
  #looking: Promise<void> | undefined;

  constructor(private readonly platform: BenchPlatform) {
    this.#clients = (async () => ({
      inventory: await connected(platform.databaseUrl('inventory')),
      loyalty: await connected(platform.databaseUrl('loyalty')),
    }))();
  }

  /** Resolves when both are to be seen. */
  of(orderId: string): Promise<Seen> {
    const { promise, resolve } = Promise.withResolvers<Seen>();
    this.#awaited.set(orderId, { resolve });
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return promise;
  }

  /** How many are waited for. */
  get waiting(): number {
    return this.#awaited.size;
  }

  async close(): Promise<void> {
    this.#awaited.clear();
    await this.#looking;
    const { inventory, loyalty } = await this.#clients;
    await Promise.all([inventory.end(), loyalty.end()]);
  }

  async #look(): Promise<void> {
    const { inventory, loyalty } = await this.#clients;
    while (this.#awaited.size > 0) {
      await Promise.all([this.#lookAtStock(inventory), this.#lookAtPoints(loyalty)]);
      for (const [orderId, { stock, points, resolve }] of this.#awaited)
        if (stock !== undefined && points !== undefined) {
          this.#awaited.delete(orderId);
          resolve({ stock, points });
        }
      await pause(APART);
    }
  }

  async #lookAtStock(client: pg.Client): Promise<void> {
    const wanted = [...this.#awaited].filter(([, { stock }]) => stock === undefined).map(([orderId]) => orderId);
    if (wanted.length === 0) return;
    const { rows } = await client.query<{ moved: string[] | null; first: number | null; last: number | null }>({
      name: 'bench.stock',
      text: `select (select array_agg(distinct cause_id) from movements where cause_id = any($1::uuid[])) as moved,
               min(id)::float8 as first, max(id)::float8 as last from unsettled`,
      values: [wanted],
    });
    const now = performance.now();
    const [{ moved, first, last } = { moved: null, first: null, last: null }] = rows;
    for (const orderId of moved ?? []) {
      const order = this.#awaited.get(orderId);
      if (!order) continue;
      order.unsettled ??= last ?? 0;
      if (first === null || first > order.unsettled) order.stock = now;
    }
  }

  async #lookAtPoints(client: pg.Client): Promise<void> {
    const wanted = [...this.#awaited].filter(([, { points }]) => points === undefined).map(([orderId]) => orderId);
    if (wanted.length === 0) return;
    const { rows } = await client.query<{ id: string }>({
      name: 'bench.points',
      text: `select order_id as id from points_entries where organization_id = $1 and order_id = any($2::uuid[]) and kind = 'earn'`,
      values: [this.platform.demo.organizationId, wanted],
    });
    const now = performance.now();
    for (const { id } of rows) {
      const order = this.#awaited.get(id);
      if (order) order.points = now;
    }
  }
}

/** Milliseconds. */
const APART = 4;

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
