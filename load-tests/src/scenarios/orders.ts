import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Sender, Sending } from '../driver/sender.js';
import { BenchFailure, EXIT } from '../failure.js';
import { guestOf, orderAt, type Shop } from './shop.js';

/** What a till, or a guest at a table, does again and again. */
export class Orders {
  #turn = 0;
  /** How often they were told to come back later. */
  turnedAway = 0;

  /** @param patient whether they come back when they are told to, under the same key: the time of an order goes on meanwhile */
  constructor(
    private readonly sender: Sender,
    private readonly shop: Shop,
    private readonly patient = true,
  ) {}

  /** Sends an order, and no payment. */
  place(): Promise<Answer> {
    const body = orderAt(this.shop, this.#turn++);
    return this.#send({ path: '/v1/orders', key: body.id, body });
  }

  /** Places an order and pays it by card, for a guest who collects points. */
  async complete(): Promise<Completed> {
    const turn = this.#turn++;
    const body = orderAt(this.shop, turn, guestOf(this.shop, turn));
    const placed = await this.#send({ path: '/v1/orders', key: body.id, body });
    const placedAt = performance.now();
    if (placed.status !== 201) return { orderId: body.id, placed, placedAt, paid: null };
    const { checks } = JSON.parse(placed.body) as { checks: { bill: unknown }[] };
    const payment = { bill: checks[0]?.bill, method: 'card', source: 'tok_visa' };
    const paid = await this.#send({ path: '/v1/payments', key: `pay-${body.id}`, body: payment });
    return { orderId: body.id, placed, placedAt, paid };
  }

  async #send(sending: Sending): Promise<Answer> {
    for (;;) {
      const answer = await this.sender.send(sending);
      // Of a 409 only the one that says so passes: the same request is still under way.
      if (![429, 503].includes(answer.status) && (answer.status !== 409 || answer.retryAfter === null)) return answer;
      this.turnedAway += 1;
      if (!this.patient) return answer;
      await pause((answer.retryAfter ?? 1) * 1000);
    }
  }
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
