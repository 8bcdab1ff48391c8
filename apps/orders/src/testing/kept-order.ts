import type { LineStatus, NewOrder, OrderStatus } from '@comanda/contracts';
import type { Caller } from '@comanda/platform';
import { indexMenu } from '../menus/menu-index.js';
import type { KeptOrder } from '../orders/order.js';
import { numbered, type OnSale, placeOrder } from '../orders/place-order.js';
import { line, menu, ON_THE_MENU } from './menu.js';

export const LOCATION = {
  id: '0199a1b2-7c3d-7e4f-8a5b-000000000001',
  timeZone: 'America/Chicago',
  closingHour: 4,
};

export const WAITER: Caller = {
  organizationId: '0199a1b2-7c3d-7e4f-8a5b-0000000000ff',
  id: 'waiter',
  kind: 'key',
  scopes: new Set(['orders:write', 'orders:import']),
  locations: null,
  ratePerSecond: null,
};

/** Everything on the menu, and nothing of it out. */
export const onSale = (change: Parameters<typeof menu>[0] = {}): OnSale => ({
  menu: indexMenu(menu(change)),
  unavailable: new Map(),
});

/** An order as it is sent, with what the schema would fill in. */
export const newOrder = (more: Partial<NewOrder> = {}): NewOrder => ({
  locationId: LOCATION.id,
  serviceType: 'dine_in',
  covers: null,
  lines: [line(ON_THE_MENU.margheritaLarge), line(ON_THE_MENU.beerPint, { quantity: 2 })],
  discounts: [],
  channel: 'pos',
  table: '12',
  customerId: null,
  externalId: null,
  tab: null,
  note: null,
  completed: false,
  ...more,
});

/** An order that has been placed: by default a large margherita and two pints, 12.00 + 12.00 and taxes of 1.20 + 2.40. */
export function placed(more: Partial<NewOrder> = {}, { now = new Date(), sale = onSale() } = {}): KeptOrder {
  return numbered(placeOrder(newOrder(more), { caller: WAITER, place: LOCATION, onSale: sale, now }), 1);
}

/** The same order in another state, with all its lines in the state given. */
export function inState(order: KeptOrder, status: OrderStatus, lineStatus: LineStatus): KeptOrder {
  const checks = order.facts.checks.map((check) => ({
    ...check,
    lines: check.lines.map((each) => ({ ...each, status: lineStatus })),
  }));
  return { ...order, facts: { ...order.facts, status, checks } };
}
