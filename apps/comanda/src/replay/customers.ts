import type { Comanda } from '@comanda/client';
import { derivedId } from './derived-id.js';
import { unlessMade } from './unless-made.js';

/** The guests of a replay who are known: each is made when they first come. */
export class Customers {
  readonly #made = new Map<number, Promise<string>>();

  constructor(
    private readonly api: Comanda,
    private readonly locationId: string,
  ) {}

  /** The customer's id. */
  get(number: number): Promise<string> {
    const known = this.#made.get(number);
    if (known) return known;
    const making = this.#make(number);
    this.#made.set(number, making);
    return making;
  }

  async #make(number: number): Promise<string> {
    const id = derivedId('customer', this.locationId, String(number));
    const body = { id, name: `Guest ${number + 1}` };
    await unlessMade(this.api.POST('/v1/loyalty/customers', { key: `replay-${id}`, body }));
    return id;
  }
}
