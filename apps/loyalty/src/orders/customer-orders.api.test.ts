import { OrderCancelled, OrderChanged, OrderPaid, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { customers, guestsOf, usd } from '../testing/guests.js';

let it: TestService;
let guests: ReturnType<typeof guestsOf>;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
});

const historyOf = async (id: string) => (await it.call('get', `${customers}/${id}/orders`).expect(200)).body.data;

describe('the orders of a customer', () => {
  test('are kept as they stand, and an older event changes nothing', async () => {
    const { id } = await guests.makeCustomer();
    const order = guests.order(id, 12_00);
    await it.deliver(OrderPaid, { ...order, paymentStatus: 'paid' }, { aggregateVersion: 2 });
    await it.deliver(OrderPlaced, order, { aggregateVersion: 1 });
    expect(await historyOf(id)).toEqual([
      {
        orderId: order.id,
        locationId: it.location.id,
        number: order.number,
        businessDate: order.businessDate,
        status: 'placed',
        paymentStatus: 'paid',
        total: usd(12_00),
        occurredAt: order.occurredAt,
      },
    ]);
    await it.deliver(OrderCancelled, { ...order, status: 'cancelled' }, { aggregateVersion: 3 });
    expect(await historyOf(id)).toMatchObject([{ status: 'cancelled' }]);
  });

  test('are newest first, page by page', async () => {
    const { id } = await guests.makeCustomer();
    const hours = ['18', '20', '19'].map((hour) => `2026-03-06T${hour}:00:00.000Z`);
    for (const occurredAt of hours) await it.deliver(OrderPlaced, guests.order(id, 12_00, { occurredAt }));
    const { body: first } = await it.call('get', `${customers}/${id}/orders?limit=2`).expect(200);
    const { body: rest } = await it
      .call('get', `${customers}/${id}/orders?limit=2&cursor=${first.nextCursor}`)
      .expect(200);
    const times = [...first.data, ...rest.data].map(({ occurredAt }: { occurredAt: string }) => occurredAt);
    expect(times).toEqual(hours.toSorted((one, other) => other.localeCompare(one)));
  });

  test('follow the guest when it turns out who it was, and leave when it was nobody', async () => {
    const [{ id: ada }, { id: ben }] = [await guests.makeCustomer(), await guests.makeCustomer()];
    const order = guests.order(ada, 12_00);
    await it.deliver(OrderPlaced, order, { aggregateVersion: 1 });
    await it.deliver(OrderChanged, { ...order, customerId: ben }, { aggregateVersion: 2 });
    expect([await historyOf(ada), await historyOf(ben)]).toMatchObject([[], [{ orderId: order.id }]]);
    await it.deliver(OrderChanged, { ...order, customerId: null }, { aggregateVersion: 3 });
    expect(await historyOf(ben)).toEqual([]);
  });

  test('of somebody who is not there, or of another organization, are not kept', async () => {
    const { id: theirs } = await guests.makeCustomer({}, it.other.key);
    for (const customerId of [newId(), theirs, null]) await it.deliver(OrderPlaced, guests.order(customerId, 12_00));
    const { rows } = await it.sql.query('select 1 from customer_orders where customer_id = $1', [theirs]);
    expect(rows).toEqual([]);
  });
});
