import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openShop } from '../testing/shop.js';

test('while the database is locked, who orders is told to come back after two seconds; with the same keys all get one order each', async () => {
  const { it, place, body } = await openShop({ DATABASE_POOL: '4' });
  await place();
  const order = async (idempotencyKey: string) => {
    const began = performance.now();
    const { status, headers } = await it.call('post', '/v1/orders', { idempotencyKey }).send(body());
    return { status, comeBack: headers['retry-after'], took: performance.now() - began };
  };
  const holder = new pg.Client({ connectionString: it.environment['ORDERS_DATABASE_URL'] });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('begin');
  await holder.query('lock table idempotency_keys in access exclusive mode');
  const waiting = async (): Promise<boolean> =>
    (await it.sql.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
      .rowCount !== 0;
  const [first, second] = [keysOf(20), keysOf(20)];
  const told = [Promise.all(first.map(order))];
  // Those who come now have others before them.
  await eventually(waiting, { within: 5_000 });
  told.push(Promise.all(second.map(order)));
  expect((await it.http.get('/health/live')).status).toBe(200);
  for (const { took, ...answer } of (await Promise.all(told)).flat()) {
    expect(answer).toEqual({ status: 503, comeBack: expect.stringMatching(/^[12]$/) });
    expect(took).toBeLessThan(2_000 + ON_THE_WAY);
  }
  await holder.query('rollback');
  const keys = [...first, ...second];
  expect((await Promise.all(keys.map(order))).map(({ status }) => status)).toEqual(keys.map(() => 201));
  expect((await it.sql.query('select from orders')).rowCount).toBe(1 + keys.length);
});

/** Milliseconds from the guest to the service and back: here they share a process, and it the machine. */
const ON_THE_WAY = 2_000;

const keysOf = (guests: number): string[] => Array.from({ length: guests }, () => newId());
