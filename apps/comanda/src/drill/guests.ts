import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type NewOrder, type Order } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import type { Demo } from '../platform/home.js';

/** What a client keeps of a sale until it knows that it is stored: enough to send it again, under the same keys. */
export interface Sale {
  readonly order: NewOrder & { readonly id: string };
  readonly method: 'cash' | 'card';
  readonly key: string;
  payment: { readonly id: string; readonly key: string };
  /** When it was acknowledged that the order is paid; milliseconds since 1970. */
  paidAt?: number;
}

/** Guests who order and pay, and clients that write down what they were told. */
export class Guests {
  readonly sales: Sale[] = [];
  #serving: Promise<void>[] = [];
  #closed = false;

  /** Those whose order and payment were acknowledged. */
  get acknowledged(): Sale[] {
    return this.sales.filter(({ paidAt }) => paidAt !== undefined);
  }

  /** Opens some tills at a platform. */
  async arrive(demo: Demo): Promise<void> {
    const api = new PooledComanda({ ...demo, patience: 0 });
    const menus = await menusOf(api, demo);
    const { data: regular } = await api.POST('/v1/loyalty/customers', { body: { name: 'Ada' } });
    this.#serving = Array.from({ length: TILLS }, async (_, till) => {
      for (let guest = till; !this.#closed; guest += TILLS) {
        const sale = saleOf(menus, guest, regular.id);
        this.sales.push(sale);
        // What was not answered is no sale yet: its client asks again, as all do when the platform is back.
        await sell(api, sale).catch(() => undefined);
        await pause(PACE);
      }
    });
  }

  /** Nobody is served any more. */
  async leave(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#serving);
  }

  /** Sends every sale again to another platform: what is stored there is answered as it was, what is lost is sold anew. */
  async sendAgain({ baseUrl, apiKey }: Demo): Promise<void> {
    const api = new PooledComanda({ baseUrl, apiKey });
    const waiting = [...this.sales];
    const till = async (): Promise<void> => {
      for (let sale = waiting.shift(); sale; sale = waiting.shift()) await sellAgain(api, sale);
    };
    await Promise.all(Array.from({ length: TILLS }, till));
    await api.close();
  }
}

const TILLS = 4;
/** Milliseconds from one guest of a till to the next. */
const PACE = 250;

type Menus = readonly { readonly locationId: string; readonly variationIds: readonly string[] }[];

function menusOf(api: PooledComanda, { locations }: Demo): Promise<Menus> {
  return Promise.all(
    locations.map(async ({ id: locationId }) => {
      const { data } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
      return { locationId, variationIds: data.items.flatMap(({ variations }) => variations.map(({ id }) => id)) };
    }),
  );
}

function saleOf(menus: Menus, guest: number, regular: string): Sale {
  const { locationId = '', variationIds = [] } = menus[guest % menus.length] ?? {};
  const lines = [0, 1].map((line) => ({
    variationId: variationIds[(guest * 7 + line * 3) % variationIds.length] ?? '',
    quantity: 1 + (guest % 2),
  }));
  // Every other one collects points.
  const customerId = guest % 2 === 0 ? regular : null;
  return {
    order: { id: randomUUID(), locationId, lines, customerId },
    method: guest % 3 === 0 ? 'card' : 'cash',
    key: randomUUID(),
    payment: newPayment(),
  };
}

const newPayment = (): Sale['payment'] => ({ id: randomUUID(), key: randomUUID() });

/**
 * The sandbox goes back with the platform: a card that was on its way to it when the last copy was made has then never
 * arrived there, and the guest is asked for it once more, as at any till.
 */
async function sellAgain(api: PooledComanda, sale: Sale): Promise<void> {
  try {
    await sell(api, sale);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === 'payment_declined')) throw error;
    sale.payment = newPayment();
    await sell(api, sale);
  }
}

async function sell(api: PooledComanda, sale: Sale): Promise<void> {
  const { data: order }: { data: Order } = await api.POST('/v1/orders', { key: sale.key, body: sale.order });
  const bill = order.checks[0]?.bill;
  if (!bill) throw new Error(`Order ${order.id} has no bill.`);
  const what = { id: sale.payment.id, bill };
  const body =
    sale.method === 'card'
      ? { ...what, method: 'card' as const, source: 'tok_visa' }
      : { ...what, method: 'cash' as const };
  await api.POST('/v1/payments', { key: sale.payment.key, body });
  sale.paidAt ??= Date.now();
}
