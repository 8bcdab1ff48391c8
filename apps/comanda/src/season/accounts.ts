import type { Bill, GuestAccount, Payment } from '@comanda/contracts';
import { type ApiClient, ApiProblem } from '../cli/api-client.js';
import { CURRENCY } from './bistro.js';
import type { Restaurant } from './open-restaurant.js';

/** The gift cards and house accounts of a season. */
export class Accounts {
  /** Numbers of gift cards are shown once: those of an earlier run are not known. */
  readonly #numbers = new Map<string, string>();

  constructor(
    private readonly api: ApiClient,
    private readonly restaurant: Restaurant,
  ) {}

  idOf(account: string): string {
    return this.restaurant.ids('account', account);
  }

  /** A gift card's number; `undefined` when it was opened by an earlier run. */
  numberOf(account: string): string | undefined {
    return this.#numbers.get(account);
  }

  async open(account: string, kind: 'gift_card' | 'house_account'): Promise<void> {
    const id = this.idOf(account);
    const body =
      kind === 'gift_card'
        ? { kind, id, currency: CURRENCY }
        : { kind, id, name: account, limit: { amount: LIMIT, currency: CURRENCY } };
    try {
      const { body: opened } = await this.api.post<GuestAccount & { number: string | null }>(
        '/v1/payments/guest-accounts',
        { key: `season-${id}`, body },
      );
      if (opened.number !== null) this.#numbers.set(account, opened.number);
    } catch (error) {
      // Opened so long ago that the key is forgotten.
      if (!(error instanceof ApiProblem) || error.code !== 'id_taken') throw error;
    }
  }

  /** A bill for what is to be put on it. */
  async bill(account: string, payment: string, amount: number): Promise<Bill> {
    const id = this.idOf(account);
    const { body } = await this.api.post<Bill>(`/v1/payments/guest-accounts/${id}/bills`, {
      key: `season-bill-${payment}`,
      body: { locationId: this.restaurant.location.id, amount: { amount, currency: CURRENCY } },
    });
    return body;
  }

  /** A payment of an earlier run, which need not be made again; `undefined` when there is none. */
  async paymentOf(id: string): Promise<Payment | undefined> {
    try {
      return (await this.api.get<Payment>(`/v1/payments/${id}`)).body;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }
}

const LIMIT = 1_000_00;
