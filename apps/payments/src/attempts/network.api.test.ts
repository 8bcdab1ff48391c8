import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { FaultyLine } from '@comanda/testing/servers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../testing/house.js';
import { testSandbox } from '../testing/sandbox.js';

let house: House;
let network: FaultyLine & { readonly url: string };
beforeAll(async () => {
  const sandbox = await testSandbox();
  network = await FaultyLine.to(sandbox.url);
  house = await openHouse({ SANDBOX_PSP_URL: network.url }, sandbox);
});
afterAll(() => network.close());
afterEach(() => house.expectBalancedBooks());

/** What the provider has been asked to charge, and has charged. */
const charges = async (amount: number) => {
  const { rows } = await house.sandbox.books.query(
    `select c.captured_minor::int as captured from charges c where c.organization_id = $1 and c.authorized_minor = $2`,
    [house.id, amount],
  );
  return rows;
};

describe('the network is killed after the provider has authorised, before we hear of it', () => {
  test.each([
    ['charged', true, 20_01, 'captured'],
    ['authorised', false, 20_02, 'authorized'],
  ])(
    'a card that was %s: within 60 seconds it is found by asking how it ended, and never charged a second time',
    async (_, capture, total, status) => {
      const bill = house.bill(total);
      network.cutBefore(/"status":"approved"/);
      const { body: payment } = await house.pay(bill, { method: 'card', source: 'tok_visa', capture }).expect(201);
      expect([payment.status, network.cutAnswers]).toEqual(['unknown', capture ? 1 : 2]);
      expect(await charges(total)).toHaveLength(1);
      // While it is away nobody pays this bill a second time, by whatever means.
      for (const tender of [{ method: 'card', source: 'tok_mastercard' }, { method: 'cash' }])
        expect((await house.pay(bill, tender).expect(409)).body.code).toBe('payment_unresolved');
      network.heal();
      await eventually(async () => expect(await house.payment(payment.id)).toMatchObject({ status, version: 2 }), {
        within: 60_000,
      });
      expect(await charges(total)).toEqual([{ captured: capture ? total : 0 }]);
      const { rows } = await house.sandbox.books.query(
        `select count(*)::int as calls from calls where organization_id = $1 and kind = 'authorize' and charge_id is not null`,
        [house.id],
      );
      expect(rows).toEqual([{ calls: capture ? 1 : 2 }]);
    },
    90_000,
  );

  test('a capture: the authorisation is collected once, with its tip', async () => {
    const bill = house.bill(20_03);
    const { body: held } = await house.pay(bill, { method: 'card', source: 'tok_visa', capture: false }).expect(201);
    network.cutBefore(/"status":"approved"/);
    const tip = { amount: 2_00, currency: 'USD' };
    const { body } = await house.call('post', `/v1/payments/${held.id}/capture`).send({ tip }).expect(200);
    expect(body.status).toBe('unknown');
    network.heal();
    await eventually(async () => expect(await house.payment(held.id)).toMatchObject({ status: 'captured', tip }), {
      within: 60_000,
    });
    expect(await charges(20_03)).toEqual([{ captured: 22_03 }]);
    expect(await house.legs(held.id)).toMatchObject([{ card: 22_03, tip: -2_00 }]);
  }, 90_000);
});

test('who could not be answered after the charge asks again at once, and is answered', async () => {
  const [bill, idempotencyKey] = [house.bill(20_04), newId()];
  const ask = () => house.pay(bill, { method: 'card', source: 'tok_slow' }, { idempotencyKey });
  const answered = ask().then((response) => response);
  await eventually(
    async () => {
      const { rowCount } = await house.sql.query('select 1 from payments where check_id = $1', [bill.checkId]);
      expect(rowCount).toBe(1);
    },
    { within: 5_000 },
  );
  // Nobody can book what comes of it for as long as a lock is waited for.
  await house.sql.query('begin');
  await house.sql.query('select 1 from payments where check_id = $1 for update', [bill.checkId]);
  const { status, headers } = await answered;
  await house.sql.query('rollback');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  const { body } = await ask().expect(201);
  expect(body).toMatchObject({ status: 'captured', collected: { amount: 20_04 } });
  expect(await charges(20_04)).toEqual([{ captured: 20_04 }]);
  expect(await house.legs(body.id)).toMatchObject([{ card: 20_04 }]);
});
