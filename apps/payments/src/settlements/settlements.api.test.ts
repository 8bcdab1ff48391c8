import type { Reconciliation } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { beforeAll, describe, expect, test } from 'vitest';
import { Disputes } from '../disputes/disputes.js';
import { type House, IMPATIENT, openHouse, usd } from '../testing/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse(IMPATIENT);
  // Nobody is told of disputes here: a webhook that gets lost is what reconciliation finds.
  await house.sandbox.control('PUT', '/webhook', house.id, { url: 'http://127.0.0.1:9/' });
});

const visa = { method: 'card', source: 'tok_visa' };
const reconcile = async (query: string, options = {}): Promise<Reconciliation> =>
  (await house.call('get', `/v1/payments/reconciliation?${query}`, options).expect(200)).body;
const today = () => new Date().toISOString().slice(0, 10);
/** A location of its own, on whose business day of the year 2015 nobody else pays. */
const quiet = async () => {
  const location = await house.makeLocation();
  const day = { occurredAt: '2015-06-01T18:00:00Z' };
  const query = `from=2015-06-01&to=2015-06-01&locationId=${location.id}`;
  const pay = async (total: number, body: object = visa) =>
    (await house.pay(house.bill(total, { location }), { ...body, ...day }).expect(201)).body;
  return { location, day, query, pay };
};
/** Changes what the provider's own books say of the last charge of a payment. */
const tamper = (sql: string, charge: string) =>
  house.sandbox.books.query(`${sql} where charge_id = $1 and moved_minor > 0`, [charge]);

describe('the provider’s report against the ledger, by business day', () => {
  test('of charges, captures with a tip, refunds and disputes has no unexplained row', async () => {
    const { day, query, pay } = await quiet();
    const charged = await pay(20_00);
    await pay(12_50, { method: 'cash' });
    const held = await pay(30_00, { ...visa, capture: false });
    await house
      .call('post', `/v1/payments/${held.id}/capture`)
      .send({ tip: usd(4_00), ...day })
      .expect(200);
    await house.refund(charged.id, { amount: usd(5_00), ...day }).expect(201);
    expect(await reconcile(query)).toMatchObject({
      movements: 3,
      sums: [{ provider: usd(49_00), ledger: usd(49_00), providerFee: usd(2_17), ledgerFee: usd(2_17) }],
      unexplained: 0,
      rows: [],
    });
  });

  test('finds what the provider does not have, and has otherwise, and only that', async () => {
    const { query, pay } = await quiet();
    const [gone, changed, fee] = [await pay(20_00), await pay(21_00), await pay(22_00)];
    await tamper(`update calls set charge_id = 'elsewhere', moved_minor = 0`, gone.providerReference);
    await tamper(`update calls set moved_minor = moved_minor + 1`, changed.providerReference);
    await tamper(`update calls set fee_minor = fee_minor + 1`, fee.providerReference);
    const { unexplained, rows } = await reconcile(query);
    expect(unexplained).toBe(3);
    expect(rows.map(({ reason, paymentId, ours, theirs }) => [reason, paymentId, ours, theirs])).toEqual(
      expect.arrayContaining([
        ['missing_there', gone.id, usd(20_00), null],
        ['amount_differs', changed.id, usd(21_00), usd(21_01)],
        ['fee_differs', fee.id, usd(94), usd(95)],
      ]),
    );
  });

  test('finds what the provider moved and nobody here knows of, also a dispute of which nobody was told', async () => {
    const { pay, query } = await quiet();
    const paid = await pay(20_00);
    const dispute = `/charges/${paid.providerReference}/disputes`;
    const said = await house.sandbox.control<Record<'dispute' | 'charge' | 'reason' | 'currency', string>>(
      'POST',
      dispute,
      house.id,
      { reason: 'fraudulent' },
    );
    const strays = async () => (await reconcile(query)).rows.filter(({ reason }) => reason === 'missing_here');
    expect(await strays()).toMatchObject([{ providerReference: paid.providerReference, theirs: usd(-20_00) }]);
    const told = { id: said.dispute, authorization: said.charge, reason: said.reason, currency: said.currency };
    await house.service.app
      .get(Disputes)
      .heard(house.id, { ...told, status: 'open', amount: 20_00, fee: 15_00, openedAt: new Date() });
    expect(await strays()).toEqual([]);
    const reference = newId();
    await house.sandbox.books.query(
      `insert into calls select (jsonb_populate_record(c, jsonb_build_object('reference', $1::text))).* from calls c where charge_id = $2 limit 1`,
      [reference, paid.providerReference],
    );
    expect(await strays()).toMatchObject([{ providerReference: paid.providerReference, theirs: usd(20_00) }]);
    await house.sandbox.books.query('delete from calls where reference = $1', [reference]);
  });

  test('explains what the provider has not said yet, and what orders are still to be paid', async () => {
    const { location } = await quiet();
    const bill = house.bill(20_00, { location });
    await house.pay(bill, { method: 'cash', amount: usd(5_00) }).expect(201);
    // Its order has been heard of.
    await house.sql.query('update bills set business_date = $1 where check_id = $2', [today(), bill.checkId]);
    const { rows, unexplained } = await reconcile(`locationId=${location.id}`);
    expect(unexplained).toBe(0);
    expect(rows).toMatchObject([
      { reason: 'bill_open', explained: true, checkId: bill.checkId, ours: usd(5_00), theirs: usd(20_00) },
    ]);
  });
});

describe('settlements', () => {
  test('are what the provider says, a day and a page at a time', async () => {
    const { pay } = await quiet();
    const paid = await pay(20_00);
    const { body } = await house.call('get', `/v1/payments/settlements?date=${today()}`).expect(200);
    expect(body.data).toContainEqual({
      id: expect.any(String),
      kind: 'charge',
      reference: expect.any(String),
      authorization: paid.providerReference,
      amount: usd(20_00),
      fee: usd(88),
      at: expect.any(String),
    });
    const { body: none } = await house.call('get', '/v1/payments/settlements?date=2014-01-01').expect(200);
    expect(none).toEqual({ data: [], nextCursor: null });
  });

  test('and reconciliation are of a location only where the key is; 366 days at most; and nobody else’s', async () => {
    const elsewhere = await house.makeLocation();
    const key = await house.makeKey({ locationIds: [elsewhere.id] });
    const get = (path: string, as = key) => house.call('get', `/v1/payments/${path}`, { key: as });
    await get('settlements').expect(403);
    await get('reconciliation').expect(403);
    await get(`reconciliation?locationId=${elsewhere.id}`).expect(200);
    const { body } = await get('reconciliation?from=2015-01-01&to=2016-12-31', house.key).expect(422);
    expect(body.code).toBe('report_too_large');
    expect((await get('settlements', house.other.key).expect(200)).body.data).toEqual([]);
  });

  test('are 503 while the provider is away', async () => {
    await house.sandbox.control('POST', '/faults', house.id, {
      account: house.id,
      operation: 'settlement',
      manner: { as: 'errs', status: 500 },
      times: 1,
    });
    expect((await house.call('get', '/v1/payments/settlements').expect(503)).body.code).toBe('provider_unavailable');
  });
});
