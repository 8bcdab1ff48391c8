import { randomUUID } from 'node:crypto';
import { testPostgres } from '@comanda/testing';
import { Client } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { accountFor, readAudit } from './accounting.js';
import { Journal } from './journal.js';

let urls: { orders: string; payments: string };

beforeAll(async () => {
  const postgres = await testPostgres();
  const [orders, payments] = [await postgres.createDatabase('orders'), await postgres.createDatabase('payments')];
  urls = { orders: orders.url, payments: payments.url };
  await run(urls.orders, 'create table orders (id uuid, external_id text, payment_status text)');
  await run(
    urls.payments,
    `
    create table payments (id uuid, order_id uuid, status text, amount_minor bigint, refunded_minor bigint default 0, refunding_minor bigint default 0);
    create table refunds (id uuid, payment_id uuid, status text)`,
  );
});

test('what was acknowledged and is there once is in order', async () => {
  const sale = await aSale('fine', { paid: 'captured' });
  expect(await account(sale)).toEqual({ operations: 2, lost: [], duplicated: [] });
});

test('an order that was acknowledged and is not stored is lost', async () => {
  const sale = await aSale('gone');
  await run(urls.orders, `delete from orders where external_id = 'gone'`);
  expect((await account(sale)).lost).toEqual([`Order ${sale.order} (gone) was acknowledged and is not stored.`]);
});

test('an order that was asked for once and is there twice is doubled', async () => {
  const sale = await aSale('twice');
  await run(urls.orders, `insert into orders select gen_random_uuid(), 'twice', 'unpaid'`);
  expect((await account(sale)).duplicated).toHaveLength(1);
});

test('a payment that was acknowledged and is not stored, or is something else, is lost', async () => {
  const sale = await aSale('unpaid', { paid: 'captured' });
  await run(urls.payments, `update payments set status = 'declined' where order_id = '${sale.order}'`);
  expect((await account(sale)).lost).toEqual([`Payment ${sale.payment} was acknowledged as captured and is declined.`]);
});

test('an order that was charged for twice is doubled, unless one of them went back', async () => {
  const sale = await aSale('charged', { paid: 'captured' });
  await run(urls.payments, `insert into payments select gen_random_uuid(), '${sale.order}', 'captured', 2000`);
  expect((await account(sale)).duplicated).toEqual([`Of order ${sale.order}, 2000 was to be collected, and 4000 was.`]);
  await run(
    urls.payments,
    `update payments set refunded_minor = 2000 where id <> '${sale.payment}' and order_id = '${sale.order}'`,
  );
  expect((await account(sale)).duplicated).toEqual([]);
});

test('a refund that was acknowledged before it came to nothing is none; one that was acknowledged as done is lost then', async () => {
  const sale = await aSale('returned', { paid: 'captured' });
  const id = randomUUID();
  await run(urls.payments, `insert into refunds values ('${id}', '${sale.payment}', 'failed')`);
  const [sold] = sale.journal.sales;
  const refund = { id, paymentId: sale.payment, amount: 2000 };
  Object.assign(sold ?? {}, { refund: { ...refund, status: 'pending' } });
  expect(await account(sale)).toMatchObject({ lost: [], duplicated: [] });
  Object.assign(sold ?? {}, { refund: { ...refund, status: 'succeeded' } });
  expect((await account(sale)).lost).toEqual([`Refund ${id} was acknowledged as succeeded and is failed.`]);
});

test('a payment that nobody resolves, and an order that does not hear of its payment, are waited for in vain', async () => {
  const open = await aSale('open', { paid: 'unknown' });
  await expect(account(open)).rejects.toThrow(`Payment ${open.payment} is unknown.`);
  const deaf = await aSale('deaf', { paid: 'captured' });
  await run(urls.orders, `update orders set payment_status = 'unpaid' where id = '${deaf.order}'`);
  await expect(account(deaf)).rejects.toThrow(`Order ${deaf.order} was paid and is unpaid.`);
});

interface Sold {
  readonly journal: Journal;
  readonly order: string;
  readonly payment: string;
}

/** A sale of 20.00, acknowledged and stored. */
test('an audit says what is broken, and of how many invariants something was seen to hold', () => {
  const finding = (id: string, examined: number, violations: string[] = []): object => ({
    id,
    examined,
    holds: examined > 0 && violations.length === 0,
    violations,
  });
  const findings = [finding('I1', 7), finding('I2', 3, ['One is too many.']), finding('I7', 0)];
  const said = `waiting\n${JSON.stringify({ holds: false, findings })}\nI2 does not hold.\n`;
  expect(readAudit(said)).toEqual({ violations: ['I2: One is too many.'], holding: 1 });
  expect(() => readAudit('no database')).toThrow('The audit could not be made: no database');
  expect(() => readAudit(JSON.stringify({ findings: [], behind: { lag: { orders: 3 } } }))).toThrow('still waits');
});

async function aSale(mark: string, { paid }: { paid?: string } = {}): Promise<Sold> {
  const [journal, order, payment] = [new Journal(), randomUUID(), randomUUID()];
  const sale = journal.begin(mark);
  sale.order = { id: order, total: 20_00 };
  await run(
    urls.orders,
    `insert into orders values ('${order}', '${mark}', '${paid === 'captured' ? 'paid' : 'unpaid'}')`,
  );
  if (paid) {
    sale.payments.set(payment, { status: paid, amount: 20_00 });
    await run(urls.payments, `insert into payments values ('${payment}', '${order}', '${paid}', 2000)`);
  }
  return { journal, order, payment };
}

const account = ({ journal }: Sold) => accountFor(urls, journal, 200);

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
