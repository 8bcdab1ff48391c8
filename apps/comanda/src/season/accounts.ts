import { ApiProblem, type Bill, type Comanda, type NewGuestAccount, type Payment } from '@comanda/client';
import { unlessMade } from '../replay/unless-made.js';
import { CURRENCY } from './bistro.js';
import type { Restaurant } from './open-restaurant.js';
import { cents } from './visit-names.js';

/** The gift cards and house accounts of a season. */
export class Accounts {
  /** Numbers of gift cards are shown once: those of an earlier run are not known. */
  readonly #numbers = new Map<string, string>();

  constructor(
    private readonly api: Comanda,
    private readonly restaurant: Restaurant,
  ) {}

  idOf(account: string): string {
    return this.restaurant.ids('account', account);
  }

  /** A gift card's number; `undefined` when it was opened by an earlier run. */
  numberOf(account: string): string | undefined {
    return this.#numbers.get(account);
  }

  async open(account: string, kind: NewGuestAccount['kind']): Promise<void> {
    const id = this.idOf(account);
    const body: NewGuestAccount =
      kind === 'gift_card' ? { kind, id, currency: CURRENCY } : { kind, id, name: account, limit: cents(LIMIT) };
    const opened = await unlessMade(this.api.POST('/v1/payments/guest-accounts', { key: `season-${id}`, body }));
    const number = opened?.data.number;
    if (number) this.#numbers.set(account, number);
  }

  /** A bill for what is to be put on it. */
  async bill(account: string, payment: string, amount: number): Promise<Bill> {
    const { data } = await this.api.POST('/v1/payments/guest-accounts/{accountId}/bills', {
      key: `season-bill-${payment}`,
      path: { accountId: this.idOf(account) },
      body: { locationId: this.restaurant.location.id, amount: cents(amount) },
    });
    return data;
  }

  /** A payment of an earlier run, which need not be made again; `undefined` when there is none. */
  async paymentOf(paymentId: string): Promise<Payment | undefined> {
    try {
      return (await this.api.GET('/v1/payments/{paymentId}', { path: { paymentId } })).data;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }
}

const LIMIT = 1_000_00;
