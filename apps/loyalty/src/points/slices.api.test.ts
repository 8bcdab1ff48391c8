import {
  type Envelope,
  OrderChanged,
  OrderFired,
  type OrderFacts,
  OrderPaid,
  OrderPlaced,
  PaymentRefunded,
} from '@comanda/contracts';
import { inTransaction, newId, type Tx } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { CustomerOrdersConsumer } from '../orders/customer-orders.consumer.js';
import { customers, guestsOf } from '../testing/guests.js';
import { bookNews } from './book-news.js';
import { PointsConsumer } from './points.consumer.js';
import { PointsKeeper } from './points-keeper.js';

type OrderNews = Parameters<CustomerOrdersConsumer['keep']>[0][number];
type Refund = Envelope<typeof PaymentRefunded>;

let it: TestService;
let guests: ReturnType<typeof guestsOf>;
let db: DataSource;
let orders: CustomerOrdersConsumer;
let points: PointsConsumer;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
  db = it.service.app.get(DataSource);
  orders = it.service.app.get(CustomerOrdersConsumer);
  points = it.service.app.get(PointsConsumer);
});

const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inTransaction(db, it.id, work);

function eventOf(type: string, subject: string, data: object, version: number): unknown {
  const now = new Date().toISOString();
  const attributes = { id: newId(), type, source: '/comanda/orders', subject, time: now, recordedAt: now };
  return { ...attributes, organizationId: it.id, aggregateVersion: version, traceparent: null, data };
}

const heard = ({ type }: { type: string }, data: OrderFacts, version = 1): OrderNews =>
  eventOf(type, data.id, data, version) as OrderNews;

function refundOf(order: OrderFacts, amount: number): Refund {
  const data = guests.refund(order.id, amount);
  return eventOf(PaymentRefunded.type, data.id, data, 2) as Refund;
}

async function makeGuests(count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => guests.makeCustomer()));
  return ids.map(({ id }) => id);
}

const balanceOf = async (id: string): Promise<number> =>
  (await it.call('get', `${customers}/${id}`).expect(200)).body.points;

/** How many statements the work sends through the transaction. */
async function statementsOf(tx: Tx, work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn((await tx.queryRunner?.connect()) as { query(): unknown }, 'query');
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}

describe('a slice', () => {
  test('of fifty paid orders costs two statements, their points seven, and their refunds two', async () => {
    const ordered = (await makeGuests(50)).map((id) => guests.order(id, 10_00));
    const slice = ordered.flatMap((order) => [heard(OrderPlaced, order), heard(OrderPaid, order, 2)]);
    await inside(async (tx) => {
      expect(await statementsOf(tx, () => orders.keep(slice, tx))).toBeLessThanOrEqual(2);
      expect(await statementsOf(tx, () => bookNews(tx, it.id))).toBeLessThanOrEqual(7);
      const refunds = ordered.map((order) => refundOf(order, 5_00));
      expect(await statementsOf(tx, () => points.refunded(refunds, tx))).toBeLessThanOrEqual(2);
      expect(await statementsOf(tx, () => bookNews(tx, it.id))).toBeLessThanOrEqual(7);
    });
    for (const { customerId } of ordered) expect(await balanceOf(customerId ?? '')).toBe(5);
  });

  test('of orders of nobody costs nothing, unless one may have been somebody’s', async () => {
    const nobodys = Array.from({ length: 50 }, () => guests.order(null, 10_00));
    const slice = nobodys.flatMap((order) => [
      heard(OrderPlaced, order),
      heard(OrderFired, order, 2),
      heard(OrderPaid, order, 3),
    ]);
    await inside(async (tx) => {
      expect(await statementsOf(tx, () => orders.keep(slice, tx))).toBe(0);
      const changed = nobodys.map((order) => heard(OrderChanged, order, 4));
      expect(await statementsOf(tx, () => orders.keep(changed, tx))).toBe(1);
    });
  });

  test('of refunds of orders of nobody is noted, and nobody is woken to book it', async () => {
    const wake = vi.spyOn(it.service.app.get(PointsKeeper), 'wake');
    const refunds = Array.from({ length: 50 }, () => refundOf(guests.order(null, 10_00), 5_00));
    await inside((tx) => points.refunded(refunds, tx));
    expect(wake).not.toHaveBeenCalled();
    wake.mockRestore();
    const { rows } = await it.sql.query(
      'select state, count(*)::int from points_facts where fact_id = any($1) group by state',
      [refunds.map(({ data }) => data.refund.id)],
    );
    expect(rows).toEqual([{ state: 'waiting', count: 50 }]);
  });

  test('in which a guest’s order is placed, paid twice and refunded earns once and gives back once', async () => {
    const [ada = ''] = await makeGuests(1);
    const order = guests.order(ada, 20_00);
    const more = guests.order(ada, 30_00, { id: order.id });
    const refund = refundOf(order, 5_00);
    await inside(async (tx) => {
      await points.refunded([refund], tx);
      await orders.keep([heard(OrderPlaced, order), heard(OrderPaid, order, 2), heard(OrderPaid, more, 4)], tx);
      await points.refunded([refund], tx);
    });
    await guests.expectBalance(ada, 15);
    const { body } = await it.call('get', `${customers}/${ada}/orders`).expect(200);
    expect(body.data).toMatchObject([{ orderId: order.id, total: { amount: 30_00 } }]);
  });

  test('in which an order falls below what was paid of it, and the rest goes back, earns what is left, in any order', async () => {
    const [ada = '', ben = ''] = await makeGuests(2);
    const slice = (id: string) => {
      const placed = guests.order(id, 100_00);
      const voided = guests.withPaid({ ...placed, totals: guests.order(id, 80_00).totals }, 100_00);
      const news = [heard(OrderPlaced, placed), heard(OrderChanged, voided, 2), heard(OrderPaid, voided, 3)];
      return { news, refund: refundOf(placed, 20_00) };
    };
    const [early, late] = [slice(ada), slice(ben)];
    await inside(async (tx) => {
      await points.refunded([early.refund], tx);
      await orders.keep([...early.news, ...late.news.toReversed()], tx);
      await points.refunded([late.refund, early.refund], tx);
    });
    await guests.expectBalance(ada, 80);
    await guests.expectBalance(ben, 80);
  });

  test('in which an order goes from one guest to another is in the history of the last', async () => {
    const [ada = '', ben = ''] = await makeGuests(2);
    const [order, lost] = [guests.order(ada, 12_00), guests.order(ada, 12_00)];
    await inside((tx) =>
      orders.keep(
        [
          heard(OrderPlaced, order),
          heard(OrderPlaced, lost),
          heard(OrderChanged, { ...order, customerId: ben }, 2),
          heard(OrderChanged, { ...lost, customerId: null }, 2),
        ],
        tx,
      ),
    );
    const historyOf = async (id: string) => (await it.call('get', `${customers}/${id}/orders`).expect(200)).body.data;
    expect([await historyOf(ada), await historyOf(ben)]).toMatchObject([[], [{ orderId: order.id }]]);
  });
});

describe('two slices', () => {
  test('that pay for the same guests in opposite order do not wait for each other', async () => {
    const [ada = '', ben = ''] = await makeGuests(2);
    const pay = (tx: Tx, id: string) => orders.keep([heard(OrderPaid, guests.order(id, 10_00), 2)], tx);
    await inside(async (first) => {
      await pay(first, ada);
      await inside(async (second) => {
        await pay(second, ben);
        await pay(second, ada);
      });
      await pay(first, ben);
    });
    await guests.expectBalance(ada, 20);
    await guests.expectBalance(ben, 20);
  });

  test('one of which hears of a payment while the other hears of its refund take the points back', async () => {
    const [ada = ''] = await makeGuests(1);
    const order = guests.order(ada, 20_00);
    await inside(async (late) => {
      await points.refunded([refundOf(order, 5_00)], late);
      await inside((tx) => orders.keep([heard(OrderPaid, order, 2)], tx));
      // The payment could be booked now, by somebody who does not see the refund yet.
      await eventually(async () => (await waits()) || (await balanceOf(ada)) > 0, { within: 1_900 });
    });
    await guests.expectBalance(ada, 15);
  });

  test('of the same orders in opposite order do not deadlock', async () => {
    const [ada = ''] = await makeGuests(1);
    const ordered = Array.from({ length: 3 }, () => guests.order(ada, 10_00));
    const [a, b, c] = ordered.toSorted((one, other) => (one.id < other.id ? -1 : 1)) as [
      OrderFacts,
      OrderFacts,
      OrderFacts,
    ];
    await inside((tx) =>
      orders.keep(
        [a, b, c].map((order) => heard(OrderPlaced, order)),
        tx,
      ),
    );
    const failures: unknown[] = [];
    const both = await inside(async (holder) => {
      // Both get as far as they can while somebody holds the order in the middle of each.
      await holder.query('select 1 from customer_orders where order_id = $1 for update', [c.id]);
      const slices = [
        [a, c, b].map((order) => heard(OrderFired, order, 2)),
        [b, c, a].map((order) => heard(OrderPaid, order, 3)),
      ];
      const kept = slices.map((slice) =>
        inside((tx) => orders.keep(slice, tx).catch((error: Error) => void failures.push(error.message))),
      );
      await eventually(async () => expect(await waiting()).toBe(2), { within: 1_900 });
      return { kept };
    });
    await Promise.allSettled(both.kept);
    expect(failures).toEqual([]);
    await guests.expectBalance(ada, 30);
  });
});

/** How many transactions of this database wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await it.sql.query(
    `select count(distinct pid)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0].waiting;
}

const waits = async (): Promise<boolean> => (await waiting()) > 0;
