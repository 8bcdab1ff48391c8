import { CustomerTierChanged, OrderChanged, OrderPaid, PaymentRefunded } from '@comanda/contracts';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { customers, guestsOf } from '../testing/guests.js';

// Silver from 100 on, gold from 300 on; in gold an order earns half as much again.
const levels = [
  { code: 'silver', name: 'Silver', threshold: 100, multiplier: 1_000_000 },
  { code: 'gold', name: 'Gold', threshold: 300, multiplier: 1_500_000 },
];
const rolling = { kind: 'rolling', days: 365 };

let it: TestService;
let guests: ReturnType<typeof guestsOf>;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
});

async function useTiers(tiers: object | null): Promise<void> {
  const { body } = await it.call('get', '/v1/loyalty/program').expect(200);
  await it.call('patch', '/v1/loyalty/program').send({ tiers, version: body.version }).expect(200);
}

const tierOf = async (id: string) => (await it.call('get', `${customers}/${id}`).expect(200)).body.tier;
const becomes = (id: string, tier: string | null) =>
  eventually(async () => expect(await tierOf(id)).toBe(tier), { within: 5_000 });
const changesOf = async (id: string) =>
  (await it.published(CustomerTierChanged))
    .filter(({ subject }) => subject === id)
    .map(({ data: { from, to, counted } }) => [from, to, counted]);

/** Pays an order now. */
async function pay(customerId: string, amount: number) {
  const time = new Date().toISOString();
  const order = guests.order(customerId, amount, { occurredAt: time, paymentStatus: 'paid' });
  await it.deliver(OrderPaid, order, { time });
  return order;
}

/** A refund of now. */
function refund(orderId: string, amount: number) {
  const { refund: back, ...payment } = guests.refund(orderId, amount);
  return { ...payment, refund: { ...back, occurredAt: new Date().toISOString() } };
}

describe('a tier', () => {
  test('is reached by points as they are earned, multiplies the next, and falls with a refund', async () => {
    await useTiers({ counts: { kind: 'points' }, period: rolling, levels });
    const { id } = await guests.makeCustomer();
    expect(await tierOf(id)).toBeNull();
    await pay(id, 99_99);
    await guests.expectBalance(id, 99);
    expect(await tierOf(id)).toBeNull();
    const big = await pay(id, 250_00);
    await becomes(id, 'gold');
    await pay(id, 10_01);
    await guests.expectBalance(id, 99 + 250 + 15);
    await it.deliver(PaymentRefunded, refund(big.id, 250_00));
    await becomes(id, 'silver');
    expect(await changesOf(id)).toEqual([
      [null, 'gold', 349],
      ['gold', 'silver', 114],
    ]);
  });

  test('is not reached by points that were given by hand, or earned before the period', async () => {
    await useTiers({ counts: { kind: 'points' }, period: { kind: 'rolling', days: 30 }, levels });
    const { id } = await guests.makeCustomer();
    await it.call('post', `${customers}/${id}/points`).send({ points: 900, reason: 'Sorry' }).expect(201);
    await it.deliver(OrderPaid, guests.order(id, 400_00), { time: '2025-01-06T18:00:00.000Z' });
    await guests.expectBalance(id, 1_300);
    expect(await tierOf(id)).toBeNull();
  });

  test('is reached by what was paid in the currency that counts, less refunds', async () => {
    await useTiers({
      counts: { kind: 'spend', currency: 'USD' },
      period: { kind: 'calendar_year' },
      levels: levels.map((level) => ({ ...level, threshold: level.threshold * 100 })),
    });
    const { id } = await guests.makeCustomer();
    const order = await pay(id, 120_00);
    await becomes(id, 'silver');
    await it.deliver(PaymentRefunded, refund(order.id, 20_01));
    await becomes(id, null);
    expect(await changesOf(id)).toEqual([
      [null, 'silver', 120_00],
      ['silver', null, 99_99],
    ]);
  });

  test('counts what was paid in the end, whether a line was voided before the payment or after', async () => {
    await useTiers({
      counts: { kind: 'spend', currency: 'USD' },
      period: { kind: 'calendar_year' },
      levels: levels.map((level) => ({ ...level, threshold: level.threshold * 100 })),
    });
    const time = new Date().toISOString();
    for (const isVoidedFirst of [true, false]) {
      const { id } = await guests.makeCustomer();
      const order = guests.withPaid(guests.order(id, 130_00, { occurredAt: time }), 130_00);
      const voided = guests.withPaid(guests.order(id, 110_00, { id: order.id, occurredAt: time }), 130_00);
      await it.deliver(OrderPaid, isVoidedFirst ? voided : order, { time });
      await it.deliver(OrderChanged, voided, { aggregateVersion: 2, time });
      await becomes(id, 'silver');
      await it.deliver(PaymentRefunded, refund(order.id, 20_00));
      await guests.expectBalance(id, 110);
      expect(await tierOf(id)).toBe('silver');
      await it.deliver(PaymentRefunded, refund(order.id, 10_01));
      await becomes(id, null);
      expect((await changesOf(id)).at(-1)).toEqual(['silver', null, 99_99]);
    }
  });

  test('that is held by nothing any more ends within a day', async () => {
    await useTiers({ counts: { kind: 'points' }, period: rolling, levels });
    const { id } = await guests.makeCustomer();
    await pay(id, 120_00);
    await becomes(id, 'silver');
    await useTiers(null);
    await it.sql.query(`update customers set tier_checked_at = now() - interval '25 hours' where id = $1`, [id]);
    await becomes(id, null);
  });

  test('has levels that differ', async () => {
    const { body } = await it.call('get', '/v1/loyalty/program').expect(200);
    const tiers = { counts: { kind: 'points' }, period: rolling, levels: [levels[0], levels[0]] };
    await it.call('patch', '/v1/loyalty/program').send({ tiers, version: body.version }).expect(422);
  });
});
