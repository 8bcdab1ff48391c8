import { type Menu, MenuPublished, type Order, PaymentCaptured } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { orders } from '../orders.service.js';
import { Catalog } from './catalog.js';
import { menu, ON_THE_MENU } from './menu.js';

/** The service with a catalog beside it, and a location that sells from the menu of these tests. */
export interface Shop {
  readonly it: TestService;
  readonly catalog: Catalog;
  readonly menu: Menu;
  /** Publishes a menu at its location, and waits until orders sells from it unless told not to. */
  publish(published: Menu, version: number, options?: { arrives?: boolean }): Promise<void>;
  /** A body that places a large margherita and two pints: 27.60. */
  body(more?: object): { locationId: string; [field: string]: unknown };
  place(more?: object): Promise<Order>;
  /** Payments tells that so much of an order was collected. */
  pay(order: Order, amount: number, more?: object): Promise<void>;
}

export async function openShop(settings: Record<string, string> = {}): Promise<Shop> {
  const catalog = new Catalog();
  const it = await testService(orders, { CATALOG_URL: await catalog.open(), ...settings });
  const lines = [{ variationId: ON_THE_MENU.margheritaLarge }, { variationId: ON_THE_MENU.beerPint, quantity: 2 }];
  const shop: Shop = {
    it,
    catalog,
    menu: menu({ locationId: it.location.id }),
    async publish(published, version, { arrives = true } = {}) {
      const { locationId, hash } = published;
      const { rows } = await it.sql.query<{ id: string }>(
        'select organization_id as id from known_locations where id = $1',
        [locationId],
      );
      catalog.publish(published);
      await it.deliver(
        MenuPublished,
        {
          locationId,
          hash,
          menuVersion: version,
          publishedAt: new Date().toISOString(),
          items: published.items.length,
        },
        { aggregateVersion: version, organizationId: rows[0]?.id ?? it.id },
      );
      if (arrives)
        await eventually(
          async () => {
            const arrived = 'select 1 from published_menus where location_id = $1 and hash = $2 and body is not null';
            return (await it.sql.query(arrived, [locationId, hash])).rowCount === 1;
          },
          { within: 10_000 },
        );
    },
    body: (more = {}) => ({ locationId: it.location.id, lines, ...more }),
    async place(more = {}) {
      const { body } = await it.call('post', '/v1/orders').send(shop.body(more)).expect(201);
      return body as Order;
    },
    async pay(order, amount, more = {}) {
      await it.deliver(PaymentCaptured, payment(order, amount, more));
    },
  };
  await shop.publish(shop.menu, 1);
  return shop;
}

/** What payments says of a payment. */
export function payment(order: Order, amount: number, more: object = {}) {
  const money = (minor: number) => ({ amount: minor, currency: order.currency });
  const now = new Date().toISOString();
  return {
    id: newId(),
    locationId: order.locationId,
    orderId: order.id,
    checkId: order.checks[0]?.id,
    method: 'cash',
    status: 'captured',
    amount: money(amount),
    rounding: money(0),
    tip: money(0),
    collected: money(amount),
    tendered: money(amount),
    change: money(0),
    refunded: money(0),
    fee: money(0),
    card: null,
    providerReference: null,
    declineCode: null,
    offline: false,
    businessDate: order.businessDate,
    takenBy: newId(),
    occurredAt: now,
    recordedAt: now,
    version: 1,
    ...more,
  };
}
