import type { Answer } from '../driver/sender.js';
import type { Completed } from '../scenarios/orders.js';

/** What somebody was told of an order that they sent. */
export interface Sale {
  /** Minor units; `null` where nobody was told that it was placed. */
  total: number | null;
  /** What was told of its payment: its state, and `null` where nothing was. */
  payment: { readonly id: string; readonly status: string; readonly amount: number } | null;
}

/** What clients were told in a run: what the platform must remember afterwards. */
export class Sales {
  readonly #sales = new Map<string, Sale>();

  /** An order is about to be sent: from now on it may be placed, whatever is heard of it. */
  sent(orderId: string): void {
    this.#sales.set(orderId, { total: null, payment: null });
  }

  /** Notes what was heard of an order. @returns whether its card was charged */
  heard({ orderId, placed, paid }: Completed): boolean {
    this.placed(orderId, placed);
    return this.paid(orderId, paid);
  }

  /** @returns whether it was placed */
  placed(orderId: string, answer: Answer): boolean {
    if (answer.status !== 201) return false;
    const { totals } = JSON.parse(answer.body) as { totals: { total: { amount: number } } };
    this.#of(orderId).total = totals.total.amount;
    return true;
  }

  /** @returns whether its card was charged */
  paid(orderId: string, answer: Answer | null): boolean {
    if (answer?.status !== 201) return false;
    const { id, status, amount } = JSON.parse(answer.body) as {
      id: string;
      status: string;
      amount: { amount: number };
    };
    this.#of(orderId).payment = { id, status, amount: amount.amount };
    return status === 'captured';
  }

  /** Orders that somebody was told are placed. */
  get accepted(): number {
    return [...this.#sales.values()].filter(({ total }) => total !== null).length;
  }

  /** By the id of the order. */
  get all(): ReadonlyMap<string, Sale> {
    return this.#sales;
  }

  #of(orderId: string): Sale {
    const sale = this.#sales.get(orderId);
    if (!sale) throw new Error(`Order ${orderId} was never sent.`);
    return sale;
  }
}
