import {
  AddLines,
  CancelOrder,
  CapturePayment,
  CompleteOrder,
  FireOrder,
  type Order,
  type Payment,
  PlaceOrder,
  RefundPayment,
  TakePayment,
  VoidLine,
  VoidPayment,
} from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { Response } from '../house/edge.js';
import type { Dish, House } from '../house/house.js';
import type { Random } from '../world/random.js';
import type { Client } from './client.js';

/** An evening of one party, from the first order to the bill: what they do is the seed's. */
export async function dine(client: Client, house: House, chance: Random): Promise<void> {
  const { dishes, customers, locationId } = house;
  const placed = await client.ask('orders', PlaceOrder, {
    body: {
      ...(chance.chance(0.5) && { id: newId() }),
      locationId,
      lines: linesOf(chance, dishes),
      customerId: chance.chance(0.7) ? chance.pick(customers) : null,
    },
  });
  if (placed.status !== 201) return;
  const order = await changeOfMind(client, placed.body as Order, dishes, chance);
  if (order === undefined) return;
  await pay(client, order, chance);
  if (chance.chance(0.5)) await client.ask('orders', CompleteOrder, { params: { orderId: order.id } });
}

const linesOf = (chance: Random, dishes: readonly Dish[]): object[] =>
  Array.from({ length: chance.between(1, 3) }, () => ({
    variationId: chance.pick(dishes).variationId,
    quantity: chance.between(1, 3),
  }));

/** They order more, send something back, or leave. @returns the order as it is then; undefined when they left */
async function changeOfMind(
  client: Client,
  placed: Order,
  dishes: readonly Dish[],
  chance: Random,
): Promise<Order | undefined> {
  const params = { orderId: placed.id };
  let order = placed;
  const take = ({ status, body }: Response): void => {
    const changed = body as Order;
    if (status < 300 && changed.version > order.version) order = changed;
  };
  if (chance.chance(0.3)) take(await client.ask('orders', FireOrder, { params, body: {} }));
  if (chance.chance(0.4)) {
    // Two waiters at one table.
    const more = Array.from({ length: chance.between(1, 2) }, () => ({ lines: linesOf(chance, dishes) }));
    const said = await Promise.all(more.map((body) => client.ask('orders', AddLines, { params, body })));
    said.forEach(take);
  }
  if (chance.chance(0.25)) {
    const lineId = order.checks[0]?.lines[0]?.id ?? '';
    take(
      await client.ask('orders', VoidLine, { params: { ...params, lineId }, body: { reason: 'Dropped on the way.' } }),
    );
  }
  if (!chance.chance(0.12)) return order;
  const left = await client.ask('orders', CancelOrder, { params, body: { reason: 'They left.' } });
  return left.status < 300 ? undefined : order;
}

/** Several guests pay at once, more than is due if it comes to that: the house must not take it. */
async function pay(client: Client, { checks: [check] }: Order, chance: Random): Promise<void> {
  if (!check?.bill) return;
  const { bill } = check;
  const total = bill.total.amount;
  const guests = chance.between(1, 3);
  const share = (part: number) => ({ amount: Math.max(1, part), currency: bill.total.currency });
  const amounts = Array.from({ length: guests }, () =>
    chance.chance(0.5) ? undefined : share(Math.ceil(total / guests)),
  );
  const payments = await Promise.all(
    amounts.map((amount) => tender(client, { bill, ...(amount && { amount }) }, chance)),
  );
  const [first] = payments.filter((payment) => payment !== undefined);
  if (!first || !chance.chance(0.35)) return;
  const part = chance.chance(0.5) ? { amount: share(Math.ceil(first.amount.amount / 3)) } : {};
  await client.ask('payments', RefundPayment, {
    params: { paymentId: first.id },
    body: { reason: 'Cold food', ...part },
  });
}

/** @returns what was collected, if anything was */
async function tender(client: Client, towards: object, chance: Random): Promise<Payment | undefined> {
  const id = chance.chance(0.3) ? { id: newId() } : {};
  if (chance.chance(0.35))
    return collected(await client.ask('payments', TakePayment, { body: { ...towards, ...id, method: 'cash' } }));
  const capture = chance.chance(0.75);
  const body = { ...towards, ...id, method: 'card', source: 'tok_visa', capture };
  const taken = collected(await client.ask('payments', TakePayment, { body }));
  if (!taken || capture) return taken;
  const params = { paymentId: taken.id };
  if (chance.chance(0.3)) {
    await client.ask('payments', VoidPayment, { params });
    return undefined;
  }
  return collected(await client.ask('payments', CapturePayment, { params, body: {} }));
}

const collected = ({ status, body }: Response): Payment | undefined => (status < 300 ? (body as Payment) : undefined);
