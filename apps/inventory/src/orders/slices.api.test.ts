import { OrderCancelled, OrderChanged, type OrderFacts, OrderPlaced, StockMoved } from '@comanda/contracts';
import { inTransaction, newId, type Tx } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { beforeAll, expect, test, vi } from 'vitest';
import { inventory } from '../inventory.service.js';
import { Levels } from '../levels/levels.service.js';
import type { OrderEvent } from './booking.js';
import { OrderConsumer } from './order.consumer.js';
import { orderLine, orderWith, voided } from './testing/orders.js';

let it: TestService;
let db: DataSource;
let consumer: OrderConsumer;
let dough: string;
const pizza = { itemId: newId(), variationId: newId() };

beforeAll(async () => {
  it = await testService(inventory);
  db = it.service.app.get(DataSource);
  consumer = it.service.app.get(OrderConsumer);
  const { body } = await it.call('post', '/v1/inventory/stock-items').send({ name: 'Dough', unit: 'g' }).expect(201);
  dough = body.id;
  const components = [{ stockItemId: dough, quantity: { amount: 250, unit: 'g' } }];
  await it
    .call('put', '/v1/inventory/recipes')
    .send({ recipes: [{ of: 'variation', ...pizza, components }] })
    .expect(200);
});

const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inTransaction(db, it.id, work);

/** An order of so many pizzas, one on each line. */
const order = (locationId: string, pizzas = 1): OrderFacts =>
  orderWith(
    Array.from({ length: pizzas }, () => orderLine({ id: newId(), ...pizza, quantity: 1 })),
    { id: newId(), locationId },
  );

function eventOf(
  data: OrderFacts,
  { type = OrderPlaced.type, version = 1, traceparent = null }: Partial<EventFields> = {},
): OrderEvent {
  const now = new Date().toISOString();
  const attributes = { id: newId(), type, source: '/comanda/orders', subject: data.id, time: now, recordedAt: now };
  return { ...attributes, organizationId: it.id, aggregateVersion: version, traceparent, data } as OrderEvent;
}

interface EventFields {
  readonly type: OrderEvent['type'];
  readonly version: number;
  readonly traceparent: string | null;
}

const levelAt = async (locationId: string): Promise<number | undefined> =>
  (await it.call('get', `/v1/inventory/levels?locationId=${locationId}`).expect(200)).body.data[0]?.quantity;

const expectLevel = (locationId: string, quantity: number) =>
  eventually(async () => expect(await levelAt(locationId)).toBe(quantity), { within: 5_000 });

const told = async (causeId: string) => (await it.published(StockMoved)).filter(({ subject }) => subject === causeId);

/** How many statements the work sends through the transaction. */
async function statementsOf(tx: Tx, work: () => Promise<void>): Promise<number> {
  const sent = vi.spyOn((await tx.queryRunner?.connect()) as { query(): unknown }, 'query');
  try {
    await work();
    return sent.mock.calls.length;
  } finally {
    sent.mockRestore();
  }
}

test('fifty orders at three locations cost four statements, and their levels two', async () => {
  const places = [await it.makeLocation(), await it.makeLocation(), await it.makeLocation()];
  const slice = () => Array.from({ length: 50 }, (_, i) => eventOf(order(places[i % 3]?.id ?? '', 3)));
  await inside((tx) => consumer.book(slice(), tx));
  for (const { id } of places) await eventually(async () => (await levelAt(id)) !== undefined, { within: 5_000 });
  await inside(async (tx) => {
    expect(await statementsOf(tx, () => consumer.book(slice(), tx))).toBeLessThanOrEqual(4);
    const levels = it.service.app.get(Levels);
    const settle = () =>
      levels.settle(
        tx,
        it.id,
        places.map(({ id }) => id),
      );
    expect(await statementsOf(tx, settle)).toBeLessThanOrEqual(2);
  });
  const booked = await Promise.all(places.map(({ id }) => levelAt(id)));
  expect(booked).toEqual([-250 * 3 * 34, -250 * 3 * 34, -250 * 3 * 32]);
});

test('orders that were all booked before cost one statement', async () => {
  const { id: locationId } = await it.makeLocation();
  const facts = Array.from({ length: 50 }, () => order(locationId));
  const again = () => facts.map((each) => eventOf(each));
  await inside((tx) => consumer.book(again(), tx));
  await inside(async (tx) => expect(await statementsOf(tx, () => consumer.book(again(), tx))).toBe(1));
  await expectLevel(locationId, -250 * 50);
});

test('an order that is placed, changed and changed back in one slice is booked step by step', async () => {
  const { id: locationId } = await it.makeLocation();
  const [facts, other] = [order(locationId), order(locationId)];
  const [first] = facts.checks[0]?.lines ?? [];
  if (!first) throw new Error('The order has no line.');
  const second = orderLine({ ...first, id: newId(), quantity: 2 });
  const change = (version: number, ...lines: (typeof first)[]) =>
    eventOf({ ...facts, checks: orderWith(lines, facts).checks }, { type: OrderChanged.type, version });
  await inside((tx) =>
    consumer.book(
      [
        eventOf(facts),
        eventOf(other),
        change(2, first, second),
        change(2, first, second),
        change(3, { ...first, ...voided(false) }, second),
        eventOf({ ...other, status: 'cancelled' }, { type: OrderCancelled.type, version: 2 }),
      ],
      tx,
    ),
  );
  await expectLevel(locationId, -500);
  const steps = (await told(facts.id)).map(({ version, data }) => [version, data.kind, data.movements[0]?.quantity]);
  expect(steps).toEqual([
    [1, 'sale', -250],
    [2, 'sale', -500],
    [3, 'return', 250],
  ]);
  expect((await told(other.id)).map(({ version, data }) => [version, data.kind])).toEqual([
    [1, 'sale'],
    [2, 'return'],
  ]);
});

test('what orders of one slice moved is told each in the trace of its order', async () => {
  const traces = ['a', 'b'].map((digit) => `00-${digit.repeat(32)}-${'1'.repeat(16)}-01`);
  const facts = traces.map(() => order(it.location.id));
  await inside((tx) =>
    consumer.book(
      facts.map((each, i) => eventOf(each, { traceparent: traces[i] ?? null })),
      tx,
    ),
  );
  const { rows } = await it.sql.query('select traceparent from outbox where subject = any($1) order by id', [
    facts.map(({ id }) => id),
  ]);
  expect(rows.map(({ traceparent }) => traceparent)).toEqual(traces);
});

test('two slices that move the same stock do not wait for each other', async () => {
  const { id: locationId } = await it.makeLocation();
  await inside(async (first) => {
    await consumer.book([eventOf(order(locationId))], first);
    await inside((second) => consumer.book([eventOf(order(locationId))], second));
    await consumer.book([eventOf(order(locationId))], first);
  });
  await expectLevel(locationId, -750);
});

test('two slices with the same orders in opposite order do not deadlock, and each order is booked once', async () => {
  const { id: locationId } = await it.makeLocation();
  const facts = Array.from({ length: 3 }, () => order(locationId)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [a, b, c] = facts as [OrderFacts, OrderFacts, OrderFacts];
  await inside((tx) =>
    consumer.book(
      facts.map((each) => eventOf(each)),
      tx,
    ),
  );
  const again = (...all: OrderFacts[]) =>
    all.map((each) =>
      eventOf({ ...each, checks: orderWith([], each).checks }, { type: OrderChanged.type, version: 2 }),
    );
  const slices = [again(a, c, b), again(b, c, a)];
  const failures: string[] = [];
  const bookAgain = (slice: OrderEvent[]) =>
    inside((tx) =>
      consumer.book(slice, tx).catch((error: Error) => {
        failures.push(error.message);
        throw error;
      }),
    );
  const both = await inside(async (holder) => {
    // Both get as far as they can while somebody holds the order in the middle of each.
    await holder.query('select 1 from order_consumption where order_id = $1 for update', [c.id]);
    const booked = Promise.allSettled(slices.map(bookAgain));
    await eventually(async () => expect(await waiting()).toBe(2), { within: 1_900 });
    return { booked };
  });
  await both.booked;
  expect(failures).toEqual(['An order was booked by another process meanwhile.']);
  await inside((tx) => consumer.book(slices[1] ?? [], tx));
  await expectLevel(locationId, 0);
  for (const { id } of facts) expect((await told(id)).map(({ version }) => version)).toEqual([1, 2]);
});

/** How many transactions of this database wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await it.sql.query(
    `select count(distinct pid)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0].waiting;
}
