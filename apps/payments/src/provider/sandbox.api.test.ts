import { newId } from '@comanda/platform';
import { beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../testing/house.js';
import { type Approved, PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

let house: House;
let provider: PaymentProvider;
beforeAll(async () => {
  house = await openHouse();
  provider = house.service.app.get<PaymentProvider>(PAYMENT_PROVIDER, { strict: false });
});

const { signal } = new AbortController();
const call = () => ({ organizationId: house.id, reference: newId(), currency: 'USD' });
const authorize = async (amount: number, capture: boolean, source = 'tok_visa') =>
  (await provider.authorize({ ...call(), source, amount, capture }, signal)) as Approved;
const books = async (authorization: string) => {
  const { rows } = await house.sql.query(
    `select captured_minor::int as captured, refunded_minor::int as refunded, fee_minor::int as fee from sandbox_charges where id = $1`,
    [authorization],
  );
  return rows[0];
};

describe('a provider, as every adapter must be', () => {
  test('answers a reference it has heard as it did then, and does nothing more', async () => {
    const request = { ...call(), source: 'tok_mastercard', amount: 20_00, capture: true };
    const first = (await provider.authorize(request, signal)) as Approved;
    expect(first).toMatchObject({ kind: 'approved', fee: 88, card: { brand: 'mastercard', last4: '4444' } });
    expect(await provider.authorize(request, signal)).toEqual(first);
    const refund = { ...call(), authorization: first.authorization, amount: 15_00 };
    expect(await provider.refund(refund, signal)).toEqual(await provider.refund(refund, signal));
    expect(await books(first.authorization)).toEqual({ captured: 20_00, refunded: 15_00, fee: 88 });
  });

  test('tells afterwards how a call ended, declined ones too, and knows what it has never heard of', async () => {
    const good = { ...call(), source: 'tok_visa', amount: 20_00, capture: true };
    const bad = { ...call(), source: 'tok_declined', amount: 20_00, capture: true };
    const answers = [await provider.authorize(good, signal), await provider.authorize(bad, signal)];
    expect([await provider.lookup(good, signal), await provider.lookup(bad, signal)]).toEqual(answers);
    expect(await provider.lookup(call(), signal)).toEqual({ kind: 'not_found' });
  });

  test('collects what is held once, with a tip of at most a fifth more, and lets the rest go', async () => {
    const { authorization } = await authorize(30_00, false);
    const capture = (amount: number) => provider.capture({ ...call(), authorization, amount }, signal);
    expect(await capture(36_01)).toEqual({ kind: 'declined', code: 'exceeds_authorization' });
    expect(await capture(36_00)).toMatchObject({ kind: 'approved', fee: 1_34 });
    expect(await capture(1)).toEqual({ kind: 'declined', code: 'not_authorized' });
    expect(await provider.void({ ...call(), authorization }, signal)).toEqual({
      kind: 'declined',
      code: 'not_authorized',
    });
  });

  test('lets go of what is held', async () => {
    const { authorization } = await authorize(30_00, false);
    expect(await provider.void({ ...call(), authorization }, signal)).toMatchObject({ kind: 'approved', fee: 0 });
    expect(await provider.capture({ ...call(), authorization, amount: 1 }, signal)).toMatchObject({ kind: 'declined' });
  });

  test('gives back at most what it collected, however many ask at once', async () => {
    const { authorization } = await authorize(30_00, true);
    const refunds = await Promise.all(
      Array.from({ length: 10 }, () => provider.refund({ ...call(), authorization, amount: 10_00 }, signal)),
    );
    expect(refunds.filter(({ kind }) => kind === 'approved')).toHaveLength(3);
    expect(await books(authorization)).toMatchObject({ refunded: 30_00 });
  });

  test('knows nothing of another organization’s cards', async () => {
    const { authorization } = await authorize(30_00, true);
    const refund = { ...call(), organizationId: house.other.id, authorization, amount: 1 };
    expect(await provider.refund(refund, signal)).toEqual({ kind: 'declined', code: 'unknown_authorization' });
  });
});
