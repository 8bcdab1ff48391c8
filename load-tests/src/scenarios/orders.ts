import { askPatiently } from '../driver/patience.js';
import type { Answer, Sender, Sending } from '../driver/sender.js';
import { BenchFailure, EXIT } from '../failure.js';
import { guestOf, type NewOrder, orderAt, type Shop } from './shop.js';

/** What is asked of the platform, by a short name. */
export type Question = 'menu' | 'menu metadata' | 'quote' | 'place' | 'pay' | 'read';

export type Ask = (what: Question, sending: Sending) => Promise<Answer>;

/** Seconds for which a till that is told to come back does so. */
const PATIENT = 60;

/** What a till, or a guest at a table, does again and again. */
export class Orders {
  #turn = 0;
  /** How often they were told to come back later. */
  turnedAway = 0;

  /** @param patience seconds for which they come back when they are told to: the time of an order goes on meanwhile */
  constructor(
    private readonly sender: Sender,
    private readonly shop: Shop,
    private readonly patience = PATIENT,
  ) {}

  /** Sends an order, and no payment. */
  place(): Promise<Answer> {
    return this.#ask('place', placing(orderAt(this.shop, this.#turn++)));
  }

  /** Places an order and pays it by card, for a guest who collects points. */
  complete(): Promise<Completed> {
    const turn = this.#turn++;
    return placeAndPay(this.#ask, orderAt(this.shop, turn, guestOf(this.shop, turn)));
  }

  readonly #ask: Ask = async (_what, sending) => {
    const answered = await askPatiently(this.sender, sending, this.patience);
    this.turnedAway += answered.turnedAway;
    return answered;
  };
}

/** Places an order and pays it by card. */
export async function placeAndPay(ask: Ask, order: NewOrder, source?: string): Promise<Completed> {
  const placed = await ask('place', placing(order));
  const placedAt = performance.now();
  if (placed.status !== 201) return { orderId: order.id, placed, placedAt, paid: null };
  const paid = await ask('pay', paying(order, placed, source));
  return { orderId: order.id, placed, placedAt, paid };
}

/** How an order is sent: its id is also its key, so that who comes again does not order again. */
export const placing = (order: NewOrder): Sending => ({ path: '/v1/orders', key: order.id, body: order });

/** How what was placed is paid by card, all of it. */
export function paying(order: NewOrder, placed: Answer, source = 'tok_visa'): Sending {
  const { checks } = JSON.parse(placed.body) as { checks: { bill: unknown }[] };
  return { path: '/v1/payments', key: `pay-${order.id}`, body: { bill: checks[0]?.bill, method: 'card', source } };
}

export interface Completed {
  readonly orderId: string;
  readonly placed: Answer;
  /** When that was answered: `performance.now()`. */
  readonly placedAt: number;
  /** `null` where the order was not placed. */
  readonly paid: Answer | null;
}

/** @throws BenchFailure with the answer, where it is not the one that a platform with nothing to complain of gives */
export function mustBe(status: number, what: string, answer: Answer | null): void {
  if (answer?.status === status) return;
  throw new BenchFailure(
    `${what} was answered with ${answer?.status ?? 'nothing'}: ${answer?.body.slice(0, 300) ?? ''}`,
    EXIT.wrong,
  );
}
