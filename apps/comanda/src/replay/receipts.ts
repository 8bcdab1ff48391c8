import { ApiProblem, type Comanda, type Location, type NewReceipt, type Recipe } from '@comanda/client';
import { derivedId } from './derived-id.js';
import type { PastOrder } from './history.js';
import type { MenuPublisher } from './menu-publisher.js';

/** Receives, before the first order of each month, what the recipes of that month's orders will take: nothing runs out. */
export class Receipts {
  readonly #received = new Set<string>();

  private constructor(
    private readonly api: Comanda,
    private readonly location: Location,
    private readonly months: ReadonlyMap<string, readonly { order: PastOrder; index: number }[]>,
    private readonly menus: MenuPublisher,
  ) {}

  static open(api: Comanda, location: Location, history: readonly PastOrder[], menus: MenuPublisher): Receipts {
    const months = Map.groupBy(
      history.map((order, index) => ({ order, index })),
      ({ order }) => monthOf(order),
    );
    return new Receipts(api, location, months, menus);
  }

  /** Receives for the month of an order, unless that was done. */
  async receiveFor(order: PastOrder): Promise<void> {
    const month = monthOf(order);
    if (this.#received.has(month)) return;
    this.#received.add(month);
    const orders = this.months.get(month) ?? [];
    const needs = await this.#needsOf(orders);
    if (needs.size === 0) return;
    // Two histories of one month each receive their own.
    const id = derivedId(
      'receipt',
      this.location.id,
      month,
      JSON.stringify(orders.map(({ order: { number, date, time } }) => [number, date, time])),
    );
    await this.#receive(`replay-${id}`, {
      id,
      locationId: this.location.id,
      occurredAt: new Date((orders[0]?.order.occurredAt.getTime() ?? 0) - 1_000).toISOString(),
      reference: `History ${month}`,
      lines: [...needs].map(([stockItemId, quantity]) => ({ stockItemId, quantity })),
    });
  }

  async #receive(key: string, body: NewReceipt): Promise<void> {
    try {
      await this.api.POST('/v1/inventory/receipts', { key, body });
    } catch (error) {
      // Received on an earlier run, by the recipes of then; perhaps so long ago that the key is forgotten.
      if (!(error instanceof ApiProblem) || !['idempotency_key_reused', 'id_taken'].includes(error.code)) throw error;
    }
  }

  async #needsOf(
    orders: readonly { order: PastOrder; index: number }[],
  ): Promise<Map<string, { amount: number; unit: Recipe['components'][number]['unit'] }>> {
    const recipes = new Map<string, Recipe>();
    for await (const recipe of this.api.all('/v1/inventory/recipes'))
      if (recipe.variationId) recipes.set(recipe.variationId, recipe);
    const needs = new Map<string, { amount: number; unit: Recipe['components'][number]['unit'] }>();
    for (const { order, index } of orders) {
      const menu = await this.menus.menuFor(index);
      for (const line of order.lines) {
        for (const { stockItemId, quantity, unit } of recipes.get(menu.variationOf(line))?.components ?? []) {
          needs.set(stockItemId, { amount: (needs.get(stockItemId)?.amount ?? 0) + quantity * line.quantity, unit });
        }
      }
    }
    return needs;
  }
}

const monthOf = ({ date }: PastOrder): string => date.slice(0, 7);
