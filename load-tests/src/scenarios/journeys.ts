import type { Journey, Visit } from '../load/visit.js';
import { paying, placeAndPay, placing } from './orders.js';
import { guestOf, type NewOrder, orderAt } from './shop.js';

/** A till sends an order and takes the guest's card at once. */
export const tillSells: Journey = async (visit) => {
  const order = orderAt(visit.shop, visit.turn, guestOf(visit.shop, visit.turn));
  visit.sales.sent(order.id);
  return visit.sales.heard(await placeAndPay(visit.ask, order, visit.card));
};

/** Seconds that a guest with a phone thinks, give or take half of them. */
const THINKS = { overTheMenu: 20, overTheDish: 10, overThePrice: 10, beforePaying: 10, betweenLooks: 2 } as const;
/** So often a guest looks whether the order is paid before they call a waiter. */
const LOOKS = 5;

/**
 * A guest scans the code at the table, reads the menu, goes back to it, asks for the price, orders for exactly that, pays, and
 * looks until the order says that it is paid.
 */
export const phoneOrders: Journey = async (visit) => {
  const order: NewOrder = {
    ...orderAt(visit.shop, visit.turn, guestOf(visit.shop, visit.turn)),
    channel: 'qr',
    table: String(1 + (visit.turn % 80)),
  };
  const menu = `/v1/catalog/locations/${order.locationId}/menu`;
  if ((await visit.ask('menu', { path: menu })).status !== 200) return false;
  await visit.think(THINKS.overTheMenu);
  if ((await visit.ask('menu metadata', { path: `${menu}/metadata` })).status !== 200) return false;
  await visit.think(THINKS.overTheDish);
  const price = await quoted(visit, order);
  if (price === null) return false;
  await visit.think(THINKS.overThePrice);
  visit.sales.sent(order.id);
  const placed = await visit.ask('place', placing({ ...order, expectedTotal: price }));
  if (!visit.sales.placed(order.id, placed)) return false;
  await visit.think(THINKS.beforePaying);
  if (!visit.sales.paid(order.id, await visit.ask('pay', paying(order, placed, visit.card)))) return false;
  for (let look = 0; look < LOOKS; look++) {
    if (await isPaid(visit, order.id)) return true;
    await visit.think(THINKS.betweenLooks);
  }
  return false;
};

/** What the guest is told that it costs; `null` where they are not told. */
async function quoted(visit: Visit, { locationId, menuHash, lines }: NewOrder): Promise<unknown> {
  const cart = { locationId, menuHash, lines: lines.map(({ variationId, quantity }) => ({ variationId, quantity })) };
  const answer = await visit.ask('quote', { path: '/v1/orders/quote', body: cart });
  return answer.status === 200 ? (JSON.parse(answer.body) as { totals: { total: unknown } }).totals.total : null;
}

async function isPaid(visit: Visit, orderId: string): Promise<boolean> {
  const answer = await visit.ask('read', { path: `/v1/orders/${orderId}` });
  return answer.status === 200 && (JSON.parse(answer.body) as { paymentStatus: string }).paymentStatus === 'paid';
}
