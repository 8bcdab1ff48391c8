import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, Comanda, type NewPayment, type Order, type Payment, Unreachable } from '@comanda/client';
import type { ServiceName } from '@comanda/contracts';
import { Broken } from '../broken.js';
import { Dice } from '../dice.js';
import type { Demo } from '../world/world.js';
import { Journal, type Sale } from './journal.js';
import { type Attempt, switchboard } from './sender.js';

export interface TrafficOptions {
  readonly dice: Dice;
  /** How many guests are served side by side. */
  readonly tills?: number;
  /** Milliseconds between two guests of a till, on average. */
  readonly pace?: number;
  /** What guests pay with. */
  readonly sources?: readonly [string, ...string[]];
}

/** Where guests are served. */
export interface Place {
  /** Where a service is asked. */
  urlOf(service: ServiceName): string;
  readonly demo: Demo;
}

/** Guests who order and pay, all the time, and clients that ask again until they have an answer. */
export class Traffic {
  readonly journal = new Journal();
  /** Every request that was sent, as it was answered. */
  readonly attempts: Attempt[] = [];
  readonly api: Comanda;
  readonly #board: ReturnType<typeof switchboard>;
  readonly #name = randomUUID().slice(0, 8);
  #waiting = 0;
  #stopping = false;
  #tills: Promise<void>[] = [];
  #menus: Menus = [];
  #customers: string[] = [];

  private constructor(
    place: Place,
    private readonly options: Required<TrafficOptions>,
  ) {
    this.#board = switchboard(
      (service) => place.urlOf(service),
      (attempt) => this.attempts.push(attempt),
    );
    this.api = new Comanda({
      baseUrl: 'http://comanda',
      apiKey: place.demo.apiKey,
      send: this.#board.send,
      patience: 0,
    });
  }

  /** Opens the tills. Resolves when guests are being served. */
  static async begin(place: Place, options: TrafficOptions): Promise<Traffic> {
    const traffic = new Traffic(place, { tills: 4, pace: 100, sources: ['tok_visa'], ...options });
    await traffic.#lookAround(place);
    traffic.#tills = Array.from({ length: traffic.options.tills }, (_, till) => traffic.#serve(till));
    return traffic;
  }

  /** How many requests wait for an answer at this moment. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Serves nobody any more; whoever is being served gets an answer.
   * @throws Broken when somebody has none after a minute
   */
  async stop(): Promise<Journal> {
    this.#stopping = true;
    const late = new AbortController();
    const ended = Promise.all(this.#tills).then(() => true);
    const inTime = await Promise.race([ended, pause(60_000, false, { signal: late.signal })]);
    late.abort();
    await this.#board.close();
    if (!inTime) throw new Broken(`${this.#waiting} requests had no answer a minute after everything was well again.`);
    return this.journal;
  }

  /** Asks once and for all: under one key, until there is an answer. A refusal is thrown. */
  async insist<T>(ask: (key: string) => Promise<{ data: T }>): Promise<T> {
    const key = randomUUID();
    this.#waiting += 1;
    try {
      for (;;) {
        try {
          return (await ask(key)).data;
        } catch (error) {
          if (!this.#mayPass(error)) throw error;
          await pause(100);
        }
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  async #serve(till: number): Promise<void> {
    const dice = this.options.dice.fork(`till ${till}`);
    for (let guest = 1; !this.#stopping; guest++) {
      const sale = this.journal.begin(`${this.#name}-${till}-${guest}`);
      await this.#sell(sale, dice).catch((error: unknown) =>
        this.journal.defects.push(`${sale.mark}: ${String(error)}`),
      );
      await pause(dice.between(0, 2 * this.options.pace));
    }
  }

  async #sell(sale: Sale, dice: Dice): Promise<void> {
    const menu = this.#menus[dice.between(0, this.#menus.length - 1)];
    if (!menu) return;
    const lines = Array.from({ length: dice.between(1, 3) }, () => ({
      variationId: menu.variations[dice.between(0, menu.variations.length - 1)] ?? '',
      quantity: dice.between(1, 2),
    }));
    const customerId =
      dice.between(1, 3) === 1 ? (this.#customers[dice.between(0, this.#customers.length - 1)] ?? null) : null;
    const body = { locationId: menu.locationId, lines, externalId: sale.mark, customerId };
    const order: Order = await this.insist((key) => this.api.POST('/v1/orders', { key, body }));
    sale.order = { id: order.id, total: order.totals.total.amount };
    const bill = order.checks[0]?.bill;
    if (!bill) return;
    const payment = await this.#pay(sale, { bill, method: 'card', source: dice.of(this.options.sources) }, bill);
    if (payment?.status === 'captured' && dice.between(1, 20) === 1) await this.#giveBack(sale, payment);
  }

  /** A guest whose card did not work pays with another. */
  async #pay(sale: Sale, first: NewPayment, bill: NewPayment['bill']): Promise<Payment | undefined> {
    for (let body = first; ; body = { bill, method: 'card', source: 'tok_visa' }) {
      try {
        const payment = await this.insist((key) => this.api.POST('/v1/payments', { key, body }));
        sale.payments.set(payment.id, { status: payment.status, amount: payment.amount.amount });
        if (payment.status !== 'declined') return payment;
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        // It is being found out what became of it; a second charge is refused meanwhile, and so is one too many.
        if (['payment_unresolved', 'nothing_due', 'amount_exceeds_due'].includes(error.code)) return undefined;
        if (!['payment_declined', 'provider_unavailable'].includes(error.code)) throw error;
      }
    }
  }

  async #giveBack(sale: Sale, { id: paymentId }: Payment): Promise<void> {
    const path = { paymentId };
    for (;;) {
      try {
        const { id, status, returned } = await this.insist((key) =>
          this.api.POST('/v1/payments/{paymentId}/refunds', { key, path, body: { reason: 'the pizza was cold' } }),
        );
        sale.refund = { id, paymentId, status, amount: returned.amount };
        return;
      } catch (error) {
        // It came to nothing: a waiter asks once more.
        if (!(error instanceof ApiProblem && error.code === 'payment_declined')) throw error;
      }
    }
  }

  /** Whether the same may be asked again. A 500 may, but is written down: nobody should ever see one. */
  #mayPass(error: unknown): boolean {
    if (error instanceof Unreachable) return true;
    if (!(error instanceof ApiProblem)) return false;
    if (error.status === 500) this.journal.defects.push(error.message);
    return error.status >= 500 || error.status === 429 || (error.status === 409 && error.code === 'request_in_flight');
  }

  async #lookAround({ demo }: Place): Promise<void> {
    this.#menus = await Promise.all(
      demo.locations.map(async ({ id: locationId }) => {
        const menu = await this.insist(() =>
          this.api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } }),
        );
        return { locationId, variations: menu.items.flatMap(({ variations }) => variations.map(({ id }) => id)) };
      }),
    );
    this.#customers = await Promise.all(
      ['Ada', 'Grace', 'Edsger'].map(async (name) => {
        const customer = await this.insist((key) => this.api.POST('/v1/loyalty/customers', { key, body: { name } }));
        return customer.id;
      }),
    );
    await this.#fillShelves();
  }

  /** What is sold out would be refused, and a thousand kills take longer than an evening. */
  async #fillShelves(): Promise<void> {
    const quantity = { amount: 1_000, unit: 'kg' as const };
    const lines: { stockItemId: string; quantity: typeof quantity }[] = [];
    for await (const { id } of this.api.all('/v1/inventory/stock-items')) lines.push({ stockItemId: id, quantity });
    for (const { locationId } of this.#menus)
      await this.insist((key) => this.api.POST('/v1/inventory/receipts', { key, body: { locationId, lines } }));
  }
}

type Menus = { readonly locationId: string; readonly variations: readonly string[] }[];
