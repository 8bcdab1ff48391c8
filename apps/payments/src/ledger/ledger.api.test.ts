import { inTransaction, newId, WORKER_DATABASE } from '@comanda/platform';
import { DataSource } from 'typeorm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';
import { type LedgerEntry, post, unbalanced } from './ledger.store.js';
import type { Posting } from './postings.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => house.expectBalancedBooks());

const entry = (postings: Posting[]): LedgerEntry => ({
  organizationId: house.id,
  id: newId(),
  kind: 'capture',
  locationId: house.location.id,
  orderId: newId(),
  paymentId: newId(),
  refundId: null,
  businessDate: '2026-03-06',
  currency: 'USD',
  postings,
  occurredAt: new Date(),
  recordedAt: new Date(),
});
const posting = (postings: Posting[]) =>
  inTransaction(house.service.app.get(DataSource), house.id, (tx) => post(tx, [entry(postings)]));

test('operators see what is posted, by account and side, and that it balances', async () => {
  const posted = async (labels: string): Promise<number> => {
    const line = new RegExp(`^ledger_\\w+_total\\{${labels},service="payments"\\} (\\d+)$`, 'm');
    return Number(line.exec(await house.service.metrics.metrics())?.[1] ?? 0);
  };
  const side = (account: string, which: string): string => `account="${account}",side="${which}",currency="USD"`;
  const taken = [side('cash', 'debit'), side('merchant', 'credit'), side('platform_fee', 'credit')];
  const all = ['kind="capture"', 'kind="refund"', ...taken, side('cash', 'credit')];
  const before = await Promise.all(all.map(posted));
  const { body: payment } = await house.pay(house.bill(20_00)).expect(201);
  await house.refund(payment.id, { reason: 'Cold food', amount: usd(5_00) }).expect(201);
  const after = await Promise.all(all.map(posted));
  expect(after.map((sum, at) => sum - (before[at] ?? 0))).toEqual([1, 1, 20_00, 19_70, 30, 5_00]);
  expect(await house.service.metrics.metrics()).toMatch(/^ledger_unbalanced_transactions\S* 0$/m);
});

test('a transaction that a restore left a cent off is seen at once', async () => {
  const worker = house.service.app.get<DataSource>(WORKER_DATABASE);
  await house.pay(house.bill(10_00)).expect(201);
  expect(await unbalanced(worker)).toBe(0);
  const off = `insert into ledger_postings select organization_id, transaction_id, 'tip', currency, 1 from ledger_postings
    order by transaction_id desc limit 1`;
  await house.sql.query(`begin; set local session_replication_role = replica; ${off}; commit`);
  expect(await unbalanced(worker)).toBe(1);
  await house.sql.query(
    `begin; set local session_replication_role = replica; delete from ledger_postings where account = 'tip' and amount_minor = 1; commit`,
  );
});

describe('the database', () => {
  test('takes no transaction that is a cent off', async () => {
    await expect(
      posting([
        { account: 'cash', amount: 15_70 },
        { account: 'merchant', amount: -15_69 },
      ]),
    ).rejects.toThrow('do not sum to zero');
  });

  test('takes no leg that is added to an old transaction', async () => {
    await house.pay(house.bill(10_00)).expect(201);
    await expect(
      house.sql.query(
        `insert into ledger_postings select organization_id, transaction_id, 'tip', currency, 1 from ledger_postings limit 1`,
      ),
    ).rejects.toThrow('do not sum to zero');
  });

  test.each(['ledger_transactions', 'ledger_postings'])(
    'changes nothing in %s, not even for its owner',
    async (table) => {
      await house.pay(house.bill(10_00)).expect(201);
      for (const attempt of [
        `update ${table} set organization_id = organization_id`,
        `delete from ${table}`,
        `truncate ${table}`,
      ])
        await expect(house.sql.query(attempt)).rejects.toThrow('The ledger is written once');
    },
  );
});

describe('the list', () => {
  test('is newest first, a page at a time, by order, payment, location and day', async () => {
    const location = await house.makeLocation();
    const bill = house.bill(30_00, { location });
    const ids = [];
    for (const amount of [10_00, 12_00, 8_00])
      ids.push((await house.pay(bill, { method: 'cash', amount: usd(amount) }).expect(201)).body.id);
    const list = async (query: string) => (await house.call('get', `/v1/payments/ledger?${query}`).expect(200)).body;
    const first = await list(`orderId=${bill.orderId}&limit=2`);
    const second = await list(`orderId=${bill.orderId}&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ paymentId }) => paymentId)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
    expect(first.data[0]).toEqual({
      id: expect.any(String),
      kind: 'capture',
      locationId: location.id,
      orderId: bill.orderId,
      paymentId: ids[2],
      refundId: null,
      businessDate: expect.any(String),
      postings: [
        { account: 'cash', amount: usd(8_00) },
        { account: 'platform_fee', amount: usd(-18) },
        { account: 'merchant', amount: usd(-7_82) },
      ],
      occurredAt: expect.any(String),
      recordedAt: expect.any(String),
    });
    expect((await list(`paymentId=${ids[1]}`)).data).toHaveLength(1);
    expect((await list(`locationId=${location.id}&businessDate=${first.data[0].businessDate}`)).data).toHaveLength(3);
    expect((await list(`businessDate=2014-12-31`)).data).toEqual([]);
  });

  test('a cursor that this list did not give is refused', async () => {
    expect((await house.call('get', '/v1/payments/ledger?cursor=bm9uc2Vuc2U').expect(422)).body.code).toBe(
      'cursor_invalid',
    );
  });
});

describe('balances', () => {
  test('sum each account by currency, of all days or of some', async () => {
    const rome = await house.makeLocation({ currency: 'EUR', platformFee: { rate: 0, fixed: 0 } });
    const euros = { location: rome, tax: 1_00 };
    const body = { method: 'cash', occurredAt: '2015-06-01T12:00:00Z' };
    const { body: paid } = await house.pay(house.bill(11_00, euros), body).expect(201);
    await house
      .pay(house.bill(5_50, { ...euros, tax: 50 }), { ...body, occurredAt: '2015-06-02T12:00:00Z' })
      .expect(201);
    await house
      .refund(paid.id, { amount: { amount: 5_50, currency: 'EUR' }, occurredAt: '2015-06-02T13:00:00Z' })
      .expect(201);
    const balances = async (query: string) => {
      const { body: read } = await house
        .call('get', `/v1/payments/ledger/balances?locationId=${rome.id}${query}`)
        .expect(200);
      return Object.fromEntries(read.data.map(({ account, balance }: never) => [account, balance]));
    };
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(await balances('')).toEqual({ cash: eur(11_00), merchant: eur(-10_00), tax: eur(-1_00) });
    expect(await balances('&to=2015-06-01')).toEqual({ cash: eur(11_00), merchant: eur(-10_00), tax: eur(-1_00) });
    expect(await balances('&from=2015-06-02&to=2015-06-02')).toEqual({ cash: eur(0), merchant: eur(0), tax: eur(0) });
    expect(await balances('&from=2016-01-01')).toEqual({});
  });
});
