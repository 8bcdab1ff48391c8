import type { Payment } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../platform/home.js';
import type { PastOrder } from '../replay/history.js';
import type { ReplayTotals } from '../replay/replay.js';
import { concluded } from '../replay/settled.js';
import { PlatformUnderTest, summaryIn } from './testing/running-platform.js';

let platform: PlatformUnderTest;
let demo: Demo;
let api: PooledComanda;

beforeAll(async () => {
  platform = await PlatformUnderTest.create({ PAYMENT_PROVIDER_TIMEOUT_MS: '1000' });
  demo = await platform.start();
  api = new PooledComanda(demo);
}, 180_000);

afterAll(() => api?.close());

describe('a card payment whose end is not known when it is made', () => {
  const past: PastOrder = {
    number: '17',
    line: 2,
    occurredAt: new Date(),
    date: '2024-05-01',
    time: '12:00:00',
    lines: [],
  };

  /** Places an order for one pizza and pays it with a card. */
  async function paidWith(source: string, key: string): Promise<Payment> {
    const locationId = demo.locations[0]?.id ?? '';
    const path = { locationId };
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path });
    const lines = [{ variationId: menu.items[0]?.variations[0]?.id ?? '', quantity: 1 }];
    const { data: order } = await api.POST('/v1/orders', { key, body: { locationId, lines } });
    const [check] = order.checks;
    if (!check) throw new Error('There is no check.');
    return (await api.POST('/v1/payments', { key, body: { bill: check.bill, method: 'card', source } })).data;
  }

  const totalsWith = ({ id, orderId }: Payment, refundId?: string): ReplayTotals => ({
    orders: 1,
    lines: 1,
    items: 1,
    gross: 0,
    paid: 0,
    refunded: 0,
    placed: 1,
    refused: [],
    unpaid: [],
    open: [{ order: past, orderId, paymentId: id, ...(refundId !== undefined && { refundId }) }],
    accepted: [orderId],
    ofCustomers: [orderId],
  });

  test('counts as paid when it turns out that it was', async () => {
    const payment = await paidWith('tok_timeout', 'silent-card');
    expect(payment).toMatchObject({ status: 'unknown', collected: { amount: 0 } });
    const totals = totalsWith(payment);
    await concluded(api, totals);
    expect(totals).toMatchObject({ paid: payment.amount.amount, unpaid: [], open: [], ofCustomers: totals.accepted });
  }, 60_000);

  test('is reported with its order when it turns out that it was not', async () => {
    const totals = totalsWith(await paidWith('tok_timeout_lost', 'lost-card'));
    await concluded(api, totals);
    expect(totals).toMatchObject({ paid: 0, unpaid: [{ order: past, why: expect.stringContaining('declined') }] });
    expect(totals.ofCustomers).toEqual([]);
  }, 60_000);

  test('or given back is counted when the refund has ended', async () => {
    const { id, ...rest } = await paidWith('tok_refund_timeout', 'silent-refund');
    const { data: refund } = await api.POST('/v1/payments/{paymentId}/refunds', {
      path: { paymentId: id },
      key: 'silent-refund-1',
      body: { reason: 'Cold', amount: { amount: 5_00, currency: 'USD' } },
    });
    expect(refund.status).toBe('unknown');
    const totals = totalsWith({ id, ...rest }, refund.id);
    await concluded(api, totals);
    expect(totals).toMatchObject({ refunded: 5_00, paid: 0, unpaid: [], ofCustomers: totals.accepted });
  }, 60_000);
});

test('a platform that goes away in the middle is one sentence, and the next run goes on from there', async () => {
  const month = ['replay', '--to', '2015-01-02'] as const;
  const whole = platform.run('replay');
  await eventually(
    async () => {
      const query = { locationId: demo.locations[0]?.id ?? '', status: 'completed', limit: 1 } as const;
      expect((await api.GET('/v1/orders', { query })).data.data).toHaveLength(1);
    },
    { within: 60_000 },
  );
  await platform.stop();
  const broken = await whole;
  expect(broken).toMatchObject({ code: 1, stdout: '' });
  expect(broken.stderr.trimEnd().split('\n').at(-1)).toMatch(/^Nothing answers at .* Is the platform running/);
  expect(broken.stderr).not.toContain('    at ');
  await platform.start();
  const again = await platform.run(...month);
  expect(again, again.stderr).toMatchObject({ code: 0 });
  expect(summaryIn(again)).toMatchObject({ orders: 136, skipped: { orders: 0, rows: 0 } });
  expect(await platform.run('audit')).toMatchObject({ code: 0 });
}, 240_000);
