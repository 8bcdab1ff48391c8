import type { Bill, GuestAccount, Payment } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterEach(async () => {
  await house.expectBalancedBooks();
  expect((await house.sql.query(UNBALANCED)).rows).toEqual([]);
});

const PATH = '/v1/payments/guest-accounts';
type Opened = GuestAccount & { number: string | null };
const visa = { method: 'card', source: 'tok_visa' };
const open = async (body: object): Promise<Opened> => (await house.call('post', PATH).send(body).expect(201)).body;
const openCard = (body: object = {}) => open({ kind: 'gift_card', currency: 'USD', ...body });
const openHouseAccount = (limit: number) => open({ kind: 'house_account', name: 'Studio Rossi', limit: usd(limit) });
const read = async (id: string): Promise<GuestAccount> => (await house.call('get', `${PATH}/${id}`).expect(200)).body;
const billFor = async (id: string, amount: number): Promise<Bill> => {
  const body = { locationId: house.location.id, amount: usd(amount) };
  return (await house.call('post', `${PATH}/${id}/bills`).send(body).expect(201)).body;
};
const load = async (id: string, amount: number, tender: object = { method: 'cash' }): Promise<Payment> =>
  (await house.pay(await billFor(id, amount), tender).expect(201)).body;
/** A gift card with as much on it, and how it is handed over. */
const loaded = async (amount: number) => {
  const card = await openCard();
  await load(card.id, amount);
  return { id: card.id, tender: { method: 'gift_card', number: card.number ?? '' } };
};
const change = (id: string, body: object, options = {}) => house.call('patch', `${PATH}/${id}`, options).send(body);
const codeOf = async (asked: ReturnType<House['pay']>): Promise<string> => (await asked).body.code;

describe('a gift card', () => {
  test('is issued, loaded by cash, spent, and loaded again by card: each cent has its owner', async () => {
    const card = await openCard();
    expect(card).toMatchObject({ status: 'active', balance: usd(0), limit: usd(0), available: usd(0) });
    const sold = await load(card.id, 50_00);
    // Sold is not earned: the house owes it to the guest, and no platform fee is taken of it.
    expect(sold).toMatchObject({
      collected: usd(50_00),
      fee: usd(0),
      account: { id: card.id, kind: 'gift_card', loaded: true },
    });
    expect(await house.legs(sold.id)).toEqual([{ cash: 50_00, gift_card: -50_00 }]);

    const bill = house.bill(20_00, { tax: 1_00 });
    const { body: paid } = await house
      .pay(bill, { method: 'gift_card', number: card.number, tip: usd(2_00) })
      .expect(201);
    expect(paid).toMatchObject({
      status: 'captured',
      amount: usd(20_00),
      tip: usd(2_00),
      rounding: usd(0),
      fee: usd(30),
      account: { id: card.id, kind: 'gift_card', loaded: false },
    });
    expect(await house.legs(paid.id)).toEqual([
      { gift_card: 22_00, merchant: -18_70, tax: -1_00, tip: -2_00, platform_fee: -30 },
    ]);
    const again = await load(card.id, 10_00, visa);
    // 2.9 % and 0.30 of it are the provider's; the merchant bears them.
    expect(await house.legs(again.id)).toEqual([{ card: 10_00, gift_card: -10_00, merchant: 59, psp_fee: -59 }]);
    expect(await read(card.id)).toMatchObject({ balance: usd(38_00), available: usd(38_00) });
  });

  test('pays 30.00 together with cash and a card: what was tendered is the total and the cash rounding', async () => {
    const location = await house.makeLocation({ cashRounding: { step: 5, mode: 'half-up' } });
    const { tender } = await loaded(12_34);
    const bill = house.bill(30_01, { location });
    const gift = (await house.pay(bill, tender).expect(201)).body;
    const card = (await house.pay(bill, { ...visa, amount: usd(10_00), tip: usd(1_50) }).expect(201)).body;
    const cash = (await house.pay(bill, { method: 'cash', tendered: usd(10_00) }).expect(201)).body;
    expect([gift, card, cash].map(({ amount, rounding, tip }) => [amount, rounding, tip])).toEqual([
      [usd(12_34), usd(0), usd(0)],
      [usd(10_00), usd(0), usd(1_50)],
      [usd(7_67), usd(-2), usd(0)],
    ]);
    expect(cash.change).toEqual(usd(2_35));
    const collected = [gift, card, cash].reduce((sum, each) => sum + each.collected.amount - each.tip.amount, 0);
    expect(collected).toBe(30_01 + cash.rounding.amount);
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 30_01, due: 0 });
  });

  test('of which no amount is asked pays as much as it holds; one of which more is asked than it holds, nothing', async () => {
    const { id, tender } = await loaded(15_00);
    const bill = house.bill(20_00);
    expect((await house.pay(bill, { ...tender, amount: usd(15_01) }).expect(409)).body).toMatchObject({
      code: 'balance_too_low',
      available: usd(15_00),
    });
    expect((await house.pay(bill, { ...tender, tip: usd(1_00) }).expect(201)).body).toMatchObject({
      amount: usd(14_00),
      tip: usd(1_00),
    });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 14_00, due: 6_00 });
    expect(await codeOf(house.pay(bill, tender))).toBe('balance_too_low');
    expect(await read(id)).toMatchObject({ balance: usd(0) });
  });

  test('is never below zero under 100 concurrent redemptions: of 30.00, thirty of 1.00 are taken', async () => {
    const { id, tender } = await loaded(30_00);
    const redemptions = Array.from({ length: 100 }, () => {
      const [bill, idempotencyKey] = [house.bill(1_00), newId()];
      return () => house.pay(bill, { ...tender, amount: usd(1_00) }, { idempotencyKey });
    });
    const first = await Promise.all(redemptions.map((redeem) => redeem()));
    // Who waits for the others for two seconds is told to come back, and does so under the same key.
    for (const { status } of first) expect([201, 409, 503]).toContain(status);
    const answers: typeof first = [];
    for (const redeem of redemptions) answers.push(await redeem());
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['balance_too_low']),
    );
    expect(await read(id)).toMatchObject({ balance: usd(0) });
  });

  test('is charged once by the same request, however often it comes', async () => {
    const { id, tender } = await loaded(10_00);
    const bill = house.bill(4_00);
    const idempotencyKey = newId();
    const answers = await Promise.all(Array.from({ length: 5 }, () => house.pay(bill, tender, { idempotencyKey })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(await read(id)).toMatchObject({ balance: usd(6_00) });
  });

  test('gets back what a refund of its payment returns; the load itself goes back only while it is unspent', async () => {
    const { id, tender } = await loaded(20_00);
    const { body: paid } = await house.pay(house.bill(12_00), tender).expect(201);
    const [{ paymentId: loadId }] = (
      await house.call('get', `${PATH}/${id}/entries`).expect(200)
    ).body.data.toReversed();
    expect((await house.refund(loadId).expect(409)).body).toMatchObject({
      code: 'balance_too_low',
      available: usd(8_00),
    });
    await house.refund(paid.id, { amount: usd(2_00) }).expect(201);
    expect(await house.legs(paid.id)).toMatchObject([{ gift_card: 12_00 }, { gift_card: -2_00 }]);
    await house.refund(loadId, { amount: usd(10_00) }).expect(201);
    expect(await house.legs(loadId)).toEqual([
      { cash: 20_00, gift_card: -20_00 },
      { cash: -10_00, gift_card: 10_00 },
    ]);
    expect(await read(id)).toMatchObject({ balance: usd(0) });
    const { body: entries } = await house.call('get', `${PATH}/${id}/entries`).expect(200);
    expect(entries.data.map(({ kind, amount }: never) => [kind, amount])).toEqual([
      ['load_refund', usd(-10_00)],
      ['payment_refund', usd(2_00)],
      ['payment', usd(-12_00)],
      ['load', usd(20_00)],
    ]);
  });

  test('that was loaded by card holds what goes back until the provider has said so', async () => {
    for (const [source, status, balance] of [
      ['tok_visa', 201, 5_00],
      ['tok_refund_declined', 422, 20_00],
    ] as const) {
      const card = await openCard();
      const { id } = await load(card.id, 20_00, { method: 'card', source });
      await house.refund(id, { amount: usd(15_00) }).expect(status);
      expect(await read(card.id)).toMatchObject({ balance: usd(balance), available: usd(balance) });
    }
  });

  test('is found by its number, written anyhow; by another nothing is found or paid', async () => {
    const card = await openCard();
    const look = (number: string, key = house.key) => house.call('post', `${PATH}/lookup`, { key }).send({ number });
    expect((await look((card.number ?? '').toLowerCase().replaceAll('-', ' ')).expect(200)).body.id).toBe(card.id);
    const other = 'BCDF-GHJK-LMNP-QRST';
    expect((await look(other).expect(422)).body.code).toBe('account_unknown');
    expect((await look(card.number ?? '', house.other.key).expect(422)).body.code).toBe('account_unknown');
    expect(await codeOf(house.pay(house.bill(1_00), { method: 'gift_card', number: other }))).toBe('account_unknown');
    expect((await look('4242 4242 4242 4242').expect(400)).text).not.toContain('4242 4242');
    const { rows } = await house.sql.query(
      `select from guest_accounts a, idempotency_keys k where replace(a::text || coalesce(k.answer::text, ''), '-', '') like $1`,
      [`%${card.number?.replaceAll('-', '')}%`],
    );
    expect(rows).toEqual([]);
  });

  test('that is issued again under the same key tells no number twice', async () => {
    const idempotencyKey = newId();
    const issue = () =>
      house.call('post', PATH, { idempotencyKey }).send({ kind: 'gift_card', currency: 'USD' }).expect(201);
    const [{ body: first }, { body: again }] = [await issue(), await issue()];
    expect(first.number).toMatch(/^([BCDFGHJKLMNPQRSTVWXZ]{4}-){3}[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(again).toEqual({ ...first, number: null });
  });

  test('that is blocked, or past its last day, pays nothing and keeps what is on it', async () => {
    for (const settings of [{ status: 'blocked' }, { expiresOn: '2020-01-01' }]) {
      const { id, tender } = await loaded(5_00);
      await change(id, { ...settings, version: 1 }).expect(200);
      expect(await codeOf(house.pay(house.bill(1_00), tender))).toBe('account_state');
      expect(await read(id)).toMatchObject({ balance: usd(5_00), version: 2 });
    }
  });

  test('is not taken without a connection, in another currency, or for another gift card', async () => {
    const { tender } = await loaded(5_00);
    expect(await codeOf(house.pay(house.bill(1_00), { ...tender, offline: true }))).toBe('tender_not_allowed');
    const rome = await house.makeLocation({ currency: 'EUR' });
    expect(await codeOf(house.pay(house.bill(1_00, { location: rome }), tender))).toBe('currency_mismatch');
    const { id } = await openCard();
    expect(await codeOf(house.pay(await billFor(id, 1_00), tender))).toBe('tender_not_allowed');
  });
});

describe('a house account', () => {
  test('is charged up to its limit and not beyond, also by twenty at once', async () => {
    const { id } = await openHouseAccount(50_00);
    const charge = () => house.pay(house.bill(5_00), { method: 'house_account', accountId: id });
    const answers = await Promise.all(Array.from({ length: 20 }, charge));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
    expect(await read(id)).toMatchObject({ balance: usd(-50_00), available: usd(0) });
    const paid = answers.find(({ status }) => status === 201)?.body;
    expect(await house.legs(paid.id)).toEqual([{ house_account: 5_00, merchant: -4_85, platform_fee: -15 }]);
  });

  test('is paid off in instalments and into a deposit, as its statement says', async () => {
    const { id } = await openHouseAccount(100_00);
    const charge = { method: 'house_account', accountId: id };
    await house.pay(house.bill(60_00), { ...charge, occurredAt: '2015-05-31T18:00:00Z' }).expect(201);
    const owed = await billFor(id, 90_00);
    const first = { method: 'cash', amount: usd(40_00), occurredAt: '2015-06-10T18:00:00Z' };
    await house.pay(owed, first).expect(201);
    await house.pay(owed, { ...visa, occurredAt: '2015-06-20T18:00:00Z' }).expect(201);
    expect(await house.billState(owed.checkId)).toMatchObject({ paid: 90_00, due: 0 });
    await house.pay(house.bill(10_00), { ...charge, occurredAt: '2015-07-01T18:00:00Z' }).expect(201);
    expect(await read(id)).toMatchObject({ balance: usd(20_00), available: usd(120_00) });
    const statement = async (query: string) =>
      (await house.call('get', `${PATH}/${id}/statement${query}`).expect(200)).body;
    expect(await statement('?from=2015-06-01&to=2015-06-30')).toEqual({
      accountId: id,
      opening: usd(-60_00),
      loaded: usd(90_00),
      spent: usd(0),
      closing: usd(30_00),
    });
    expect(await statement('')).toMatchObject({
      opening: usd(0),
      loaded: usd(90_00),
      spent: usd(70_00),
      closing: usd(20_00),
    });
    const { body: june } = await house.call('get', `${PATH}/${id}/entries?from=2015-06-01&to=2015-06-30`).expect(200);
    expect(june.data.map(({ amount }: never) => amount)).toEqual([usd(50_00), usd(40_00)]);
  });

  test('is changed by who has read it; its limit covers what is owed already', async () => {
    const { id } = await openHouseAccount(20_00);
    await house.pay(house.bill(15_00), { method: 'house_account', accountId: id }).expect(201);
    expect((await change(id, { limit: usd(14_99), version: 1 }).expect(409)).body.code).toBe('balance_too_low');
    expect((await change(id, { expiresOn: '2030-01-01', version: 1 }).expect(409)).body.code).toBe('account_state');
    expect((await change(id, { limit: usd(15_00), version: 1 }).expect(200)).body).toMatchObject({
      limit: usd(15_00),
      available: usd(0),
      version: 2,
    });
    expect((await change(id, { name: 'Rossi', version: 1 }).expect(412)).body.code).toBe('version_stale');
    expect((await change(id, { name: 'Rossi' }).expect(428)).body.code).toBe('version_missing');
  });

  test('that nobody has, or that is a gift card, is not charged', async () => {
    const { id } = await openCard();
    for (const accountId of [newId(), id])
      expect(await codeOf(house.pay(house.bill(1_00), { method: 'house_account', accountId }))).toBe('account_unknown');
  });
});

describe('the accounts', () => {
  test('are listed newest first, a page at a time, by kind and state', async () => {
    const ids = [(await openHouseAccount(1)).id, (await openHouseAccount(1)).id, (await openHouseAccount(1)).id];
    await change(ids[0] ?? '', { status: 'blocked', version: 1 }).expect(200);
    const page = async (query: string) =>
      (await house.call('get', `${PATH}?kind=house_account${query}`).expect(200)).body;
    const first = await page('&limit=2');
    const second = await page(`&limit=1&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await page('&status=blocked')).data.map(({ id }: GuestAccount) => id)).toEqual([ids[0]]);
  });

  test('of another organization are not there', async () => {
    const { id } = await openHouseAccount(10_00);
    const { key } = house.other;
    for (const path of ['', '/entries', '/statement'])
      await house.call('get', `${PATH}/${id}${path}`, { key }).expect(404);
    await change(id, { status: 'blocked', version: 1 }, { key }).expect(404);
    const body = { locationId: house.other.location.id, amount: usd(1_00) };
    await house.call('post', `${PATH}/${id}/bills`, { key }).send(body).expect(404);
    expect((await house.call('get', PATH, { key }).expect(200)).body.data).toEqual([]);
    const theirs = house.bill(1_00, { organizationId: house.other.id, location: house.other.location });
    expect(await codeOf(house.pay(theirs, { method: 'house_account', accountId: id }, { key }))).toBe(
      'account_unknown',
    );
  });
});

/** A balance is the sum of its entries, and the ledger says the same of all of a kind. */
const UNBALANCED = `
  select 'a balance is not the sum of its entries' as broken, a.id::text as id
    from guest_accounts a left join guest_account_entries e on e.organization_id = a.organization_id and e.account_id = a.id
    group by a.organization_id, a.id having a.balance_minor <> coalesce(sum(e.amount_minor), 0) or a.held_minor <> 0
  union all
  select 'the ledger differs from the accounts', coalesce(ours.kind, theirs.account)
    from (select organization_id, kind, currency, sum(balance_minor) as amount from guest_accounts group by 1, 2, 3) ours
    full join (select organization_id, account, currency, -sum(amount_minor) as amount from ledger_postings
      where account in ('gift_card', 'house_account') group by 1, 2, 3) theirs
      on ours.organization_id = theirs.organization_id and ours.kind = theirs.account and ours.currency = theirs.currency
    where coalesce(ours.amount, 0) <> coalesce(theirs.amount, 0)`;
