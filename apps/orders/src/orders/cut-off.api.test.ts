import type { Order } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import pg from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

test('however often connections are cut off, each order is placed once, numbered without a gap and told once', async () => {
  const admin = new pg.Pool({ connectionString: it.environment['ORDERS_DATABASE_URL'] ?? '' });
  onTestFinished(() => admin.end());
  let tries = 0;
  let cuts = 0;
  const cutOne = async (): Promise<void> => {
    // As random as two processes are: before, between and after the statements of an order.
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'orders-app' and state <> 'idle' limit 1`,
    );
    cuts += rowCount ?? 0;
  };
  const placeUntilAccepted = async (cutsOff: boolean): Promise<Order> => {
    const idempotencyKey = newId();
    const body = shop.body({ id: newId(), occurredAt: '2026-03-06T19:30:00Z' });
    for (;;) {
      tries += 1;
      const [answer] = await Promise.all([
        it.call('post', '/v1/orders', { idempotencyKey }).send(body),
        cutsOff ? cutOne() : undefined,
      ]);
      if (answer.status === 201) return answer.body;
      // Never a refusal of its own first attempt, and never our own fault.
      expect(answer.body).toMatchObject({ code: expect.toBeOneOf(['request_in_flight', 'unavailable']) });
    }
  };
  const guests = Array.from({ length: 6 }, async () => {
    const placed: Order[] = [];
    for (let n = 0; n < 20; n++) placed.push(await placeUntilAccepted(n % 2 === 0));
    return placed;
  });
  const orders = (await Promise.all(guests)).flat().toSorted((a, b) => a.number - b.number);

  expect(cuts).toBeGreaterThan(10);
  expect(tries).toBeGreaterThan(orders.length);
  expect(orders.map(({ number }) => number)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
  const { rows: stored } = await it.sql.query<{ id: string }>('select id from orders order by number');
  expect(stored.map(({ id }) => id)).toEqual(orders.map(({ id }) => id));
  const { rows: told } = await it.sql.query<{ subject: string }>('select subject from outbox order by subject');
  expect(told.map(({ subject }) => subject)).toEqual(orders.map(({ id }) => id).toSorted());
}, 120_000);
