import { type Dispute, PaymentDisputed, PaymentRefunded } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Dispute as Told } from '../provider/payment-provider.js';
import { type House, openHouse, usd } from '../testing/house.js';
import { Disputes } from './disputes.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  // Each test says when something is told.
  await house.sandbox.control('PUT', '/webhook', house.id, { url: 'http://nobody.invalid/' });
});
afterEach(() => house.expectBalancedBooks());

const visa = { method: 'card', source: 'tok_visa' };
type Said = { dispute: string; charge: string; amount: number; fee: number; currency: string; reason: string };

/** A payment of 20.00 with a tip of 2.00, of which the platform keeps 2.00, and whose guest's bank asks for money back. */
const disputed = async (asked: { amount?: number } = {}, tender: object = { ...visa, tip: usd(2_00) }) => {
  const location = await house.makeLocation({ platformFee: { rate: 100_000, fixed: 0 } });
  const bill = house.bill(20_00, { location, tax: 1_00 });
  const { body: payment } = await house.pay(bill, tender).expect(201);
  const path = `/charges/${payment.providerReference}/disputes`;
  const said = await house.sandbox.control<Said>('POST', path, house.id, { reason: 'fraudulent', ...asked });
  const told: Told = { ...said, id: said.dispute, authorization: said.charge, status: 'open', openedAt: new Date() };
  const hear = (status: Told['status'] = 'open') =>
    house.service.app.get(Disputes).heard(house.id, { ...told, status });
  const close = async (won: boolean) => {
    await house.sandbox.control('POST', `/disputes/${said.dispute}/close`, house.id, { won });
    await hear(won ? 'won' : 'lost');
  };
  return { bill, payment, hear, close };
};
const disputesOf = async (paymentId: string): Promise<Dispute[]> =>
  (await house.call('get', `/v1/payments/disputes?paymentId=${paymentId}`).expect(200)).body.data;
const tasksOf = async (paymentId: string) =>
  (await house.call('get', '/v1/payments/tasks?kind=dispute&limit=200').expect(200)).body.data.filter(
    (task: { paymentId: string }) => task.paymentId === paymentId,
  );
const toldOf = async (paymentId: string) =>
  [...(await house.published(PaymentDisputed)), ...(await house.published(PaymentRefunded))]
    .filter(({ subject }) => subject === paymentId)
    .map(({ version }) => version)
    .toSorted((one, other) => one - other);

describe('a dispute that a guest’s bank opens', () => {
  test('is seen on the payment, raises a task, and reverses the platform’s fee', async () => {
    const { payment, hear } = await disputed();
    await hear();
    await hear();
    expect(await house.payment(payment.id)).toMatchObject({
      status: 'captured',
      disputed: { status: 'open', amount: usd(22_00) },
      version: 2,
    });
    const [dispute] = await disputesOf(payment.id);
    expect(dispute).toMatchObject({
      status: 'open',
      reason: 'fraudulent',
      amount: usd(22_00),
      providerFee: usd(15_00),
      platformFee: usd(2_00),
      closedAt: null,
    });
    expect(await tasksOf(payment.id)).toMatchObject([{ status: 'open', subjectId: dispute?.id, amount: usd(22_00) }]);
    expect((await house.legs(payment.id))[1]).toEqual({
      dispute: 22_00,
      card: -22_00,
      merchant: 13_00,
      platform_fee: 2_00,
      psp_fee: -15_00,
    });
    expect(await toldOf(payment.id)).toEqual([2]);
    // The bank has the money: it is not given back a second time meanwhile.
    expect((await house.refund(payment.id).expect(409)).body.code).toBe('payment_unresolved');
  });

  test('and that is won brings the money back; the task is done, and it can be refunded again', async () => {
    const { payment, hear, close } = await disputed();
    await hear();
    await close(true);
    expect(await house.payment(payment.id)).toMatchObject({
      disputed: { status: 'won' },
      refunded: usd(0),
      version: 3,
    });
    expect((await house.legs(payment.id))[2]).toEqual({
      dispute: -22_00,
      card: 22_00,
      merchant: 2_00,
      platform_fee: -2_00,
    });
    expect(await tasksOf(payment.id)).toMatchObject([{ status: 'done', doneBy: null }]);
    await house.refund(payment.id).expect(201);
  });

  test('and that is lost counts as refunded, tax and tip with it, and makes nothing due again', async () => {
    const { bill, payment, hear, close } = await disputed();
    await hear();
    await close(false);
    await hear('won');
    expect(await house.payment(payment.id)).toMatchObject({
      disputed: { status: 'lost' },
      refunded: usd(22_00),
      fee: usd(0),
      version: 4,
    });
    expect((await house.legs(payment.id))[2]).toEqual({ dispute: -22_00, merchant: 19_00, tax: 1_00, tip: 2_00 });
    expect(await house.billState(bill.checkId)).toMatchObject({ paid: 0, refunded: 20_00, due: 0 });
    expect(await toldOf(payment.id)).toEqual([2, 3, 4]);
    expect(await disputesOf(payment.id)).toMatchObject([{ status: 'lost', closedAt: expect.any(String) }]);
  });

  test('and that is only heard of when it is lost is opened and closed', async () => {
    const { payment, close } = await disputed({ amount: 5_00 });
    await close(false);
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(5_00), fee: usd(1_50), version: 4 });
    expect(await disputesOf(payment.id)).toMatchObject([{ status: 'lost', platformFee: usd(50) }]);
  });

  test('about more than is left after a refund takes the rest from the merchant', async () => {
    const { payment, hear, close } = await disputed({ amount: 22_00 });
    await house.refund(payment.id, { amount: usd(12_00) }).expect(201);
    await hear();
    await close(false);
    expect(await house.payment(payment.id)).toMatchObject({ refunded: usd(22_00) });
    expect((await house.legs(payment.id)).at(-1)).toEqual({ dispute: -22_00, merchant: 19_60, tax: 40, tip: 2_00 });
  });

  test('about money that was put on a gift card leaves it there: it is the merchant’s loss', async () => {
    const { body: card } = await house
      .call('post', '/v1/payments/guest-accounts')
      .send({ kind: 'gift_card', currency: 'USD' });
    const path = `/v1/payments/guest-accounts/${card.id}`;
    const load = { locationId: house.location.id, amount: usd(30_00) };
    const { body: bill } = await house.call('post', `${path}/bills`).send(load).expect(201);
    const { body: payment } = await house.pay(bill, visa).expect(201);
    const charge = `/charges/${payment.providerReference}/disputes`;
    const said = await house.sandbox.control<Said>('POST', charge, house.id, { reason: 'fraudulent' });
    const told = { ...said, id: said.dispute, authorization: said.charge, openedAt: new Date() };
    await house.sandbox.control('POST', `/disputes/${said.dispute}/close`, house.id, { won: false });
    await house.service.app.get(Disputes).heard(house.id, { ...told, status: 'lost' });
    expect((await house.legs(payment.id)).at(-1)).toEqual({ dispute: -30_00, merchant: 30_00 });
    expect((await house.call('get', path).expect(200)).body.balance).toEqual(usd(30_00));
    expect((await house.refund(payment.id)).status).toBe(409);
  });

  test('about a payment that is not known yet is told again later', async () => {
    const told = { id: 'dp_1', authorization: `sbx_${newId()}`, status: 'open', reason: 'fraudulent' } as const;
    const money = { amount: 1_00, fee: 0, currency: 'USD', openedAt: new Date() };
    await expect(house.service.app.get(Disputes).heard(house.id, { ...told, ...money })).rejects.toThrow(
      'no such payment',
    );
  });
});

test('disputes are listed newest first, by state, location and payment; another organization’s are not there', async () => {
  const { payment, hear } = await disputed();
  await hear();
  const list = async (query: string, key = house.key) =>
    (await house.call('get', `/v1/payments/disputes${query}`, { key }).expect(200)).body.data;
  expect(await list(`?locationId=${payment.locationId}&status=open`)).toEqual(await disputesOf(payment.id));
  expect(await list(`?locationId=${payment.locationId}&status=won`)).toEqual([]);
  expect((await list('?limit=1'))[0].paymentId).toBe(payment.id);
  expect(await list('', house.other.key)).toEqual([]);
});
