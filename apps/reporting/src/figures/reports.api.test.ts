import { FeedbackReceived, OrderCompleted, StockMoved } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService, testService } from '@comanda/service/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reporting } from '../reporting.service.js';
import { eventOf, TAXES, usd, visit, type Visit } from '../testing/evening.js';
import { forget, hear, reportOf } from '../testing/reports.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(reporting);
});
beforeEach(() => forget(it));

const seen = (some: Partial<Visit> = {}) =>
  visit(it.id, {
    locationId: it.location.id,
    businessDate: '2026-03-06',
    occurredAt: '2026-03-07T01:30:00.000Z',
    lines: [{ item: 1, price: 16_00, quantity: 2 }],
    ...some,
  });
const tell = async (...visits: Partial<Visit>[]): Promise<void> => {
  for (const each of visits) await hear(it, seen(each));
};
const keysOf = async (question: string, name: string, figure = 'total'): Promise<unknown[]> =>
  (await reportOf(it, question)).rows.map((row) => [row.group[name]?.key, row[figure]]);

test('serves what the contract says, keeps tenants apart, and its tables are what its entities say', async () => {
  await tell({});
  await expectContract(it);
  await expectTenancy(it);
  await expectNoDrift(reporting);
});

describe('I3: reports and the API agree on the business date, with its cut-off, in the time zone of the location', () => {
  test('a sale at 01:30 with a cut-off at 4 belongs to the day before, in the hour that the clock showed', async () => {
    await tell({ businessDate: '2026-03-06', occurredAt: '2026-03-07T07:30:00.000Z' });
    expect(await keysOf('sales?groupBy=businessDate', 'businessDate')).toEqual([['2026-03-06', usd(32_00)]]);
    expect(await keysOf('sales?groupBy=hour', 'hour')).toEqual([['2026-03-07T01:00-06:00', usd(32_00)]]);
    expect(await keysOf('sales?from=2026-03-07', 'businessDate')).toEqual([]);
  });

  test.each([
    ['a day of 23 hours', '2026-03-08T06:00:00Z', 23, '2026-03-08T02:00-06:00', '2026-03-08T03:00-05:00'],
    ['a day of 25 hours', '2026-11-01T05:00:00Z', 25, '2026-11-01T02:00-05:00', '2026-11-01T01:00-06:00'],
  ])('%s has as many hours, each by its own offset', async (_, midnight, hours, never, always) => {
    const day = midnight.slice(0, 10);
    const moments = Array.from({ length: hours }, (__, at) => new Date(Date.parse(midnight) + at * 3_600_000 + 60_000));
    await tell(...moments.map((at) => ({ businessDate: day, occurredAt: at.toISOString() })));
    const keys = (await keysOf('sales?groupBy=hour', 'hour')).map((row) => (row as [string])[0]);
    expect(keys).toHaveLength(hours);
    expect(keys).not.toContain(never);
    expect(keys).toContain(always);
    const { rows } = await reportOf(it, 'sales?groupBy=hourOfDay');
    expect(rows).toHaveLength(Math.min(24, hours));
  });

  test('a zone half an hour off has hours of its own', async () => {
    const { id } = await it.makeLocation({ timeZone: 'Asia/Kolkata' });
    await tell({ locationId: id, occurredAt: '2026-03-06T14:20:00.000Z' });
    expect(await keysOf('sales?groupBy=hour', 'hour')).toEqual([['2026-03-06T19:00+05:30', usd(32_00)]]);
  });
});

describe('I5: sales by item, server, discount, void and tax, rolled up from location to chain', () => {
  test('read like the receipts', async () => {
    await tell(
      {
        server: 'ada',
        roundingLevel: 'line',
        charge: 100_000,
        lines: [
          {
            item: 1,
            price: 10_00,
            quantity: 2,
            taxes: [TAXES[0]],
            discounts: [{ id: 'Staff', kind: 'percent', rate: 200_000 }],
          },
          { item: 2, price: 11_00, taxes: [TAXES[2]] },
        ],
      },
      {
        server: 'ben',
        lines: [
          { item: 2, price: 11_00 },
          { item: 3, price: 5_00, quantity: 2, voided: true },
        ],
      },
    );
    expect((await reportOf(it, 'sales')).totals).toEqual([
      {
        orders: 2,
        quantity: 4,
        gross: usd(42_00),
        discount: usd(4_00),
        net: usd(37_00),
        serviceCharge: usd(2_70),
        tax: usd(2_66),
        total: usd(42_36),
      },
    ]);
    expect(await keysOf('sales?groupBy=server', 'server')).toEqual([
      ['ada', usd(31_36)],
      ['ben', usd(11_00)],
    ]);
    expect((await reportOf(it, 'taxes')).rows).toMatchObject([
      { group: { tax: { name: 'Tax 88750' } }, taxable: usd(18_70), tax: usd(1_66) },
      { group: { tax: { name: 'Tax 100000' } }, taxable: usd(10_00), tax: usd(1_00) },
    ]);
    expect(await keysOf('discounts', 'discount', 'discount')).toEqual([['Staff', usd(4_00)]]);
    expect((await reportOf(it, 'voids?groupBy=reason,voidedBy,businessDate')).rows).toMatchObject([
      {
        group: { reason: { key: 'Sent back' }, voidedBy: { key: 'manager' }, businessDate: { key: '2026-03-09' } },
        quantity: 2,
        value: usd(10_00),
      },
    ]);
  });

  test('what was given and voided, by reason, by whose hands and by who approved it', async () => {
    const { order } = seen({
      lines: [
        { item: 1, price: 12_00 },
        { item: 2, price: 8_00 },
        { item: 3, price: 5_00 },
      ],
    });
    const [first, second, third] = order.checks[0]?.lines ?? [];
    const [waiter, manager] = [newId(), newId()];
    const by = { staffId: waiter, approverId: manager };
    const voided = { reason: 'Dropped', by: 'till 1', at: order.occurredAt, businessDate: '2026-03-07', sent: true };
    const lines = [
      {
        ...first,
        discounts: [{ id: newId(), name: 'Comp', amount: usd(12_00), kind: 'comp', reason: 'Burnt', ...by }],
      },
      { ...second, discounts: [{ id: newId(), name: 'Regular', amount: usd(1_00), kind: 'percent', staffId: waiter }] },
      { ...third, status: 'voided', voided: { ...voided, ...by }, net: usd(0), total: usd(0) },
    ];
    const facts = { ...order, staffId: waiter, checks: [{ ...order.checks[0], lines }] } as typeof order;
    await hear(it, { sales: [eventOf(it.id, OrderCompleted, facts, 2)] });
    expect((await reportOf(it, 'discounts?groupBy=reason,grantedBy,approvedBy')).rows).toMatchObject([
      {
        group: { reason: { key: 'Burnt' }, grantedBy: { key: waiter }, approvedBy: { key: manager } },
        discount: usd(12_00),
      },
      { group: { reason: { key: null }, grantedBy: { key: waiter }, approvedBy: { key: null } }, discount: usd(1_00) },
    ]);
    expect(await keysOf('discounts?groupBy=discountKind', 'discountKind', 'discount')).toEqual([
      ['comp', usd(12_00)],
      ['percent', usd(1_00)],
    ]);
    expect((await reportOf(it, 'voids?groupBy=voidedBy,approvedBy,businessDate')).rows).toMatchObject([
      {
        group: { voidedBy: { key: waiter }, approvedBy: { key: manager }, businessDate: { key: '2026-03-07' } },
        value: usd(5_00),
      },
    ]);
    expect(await keysOf('sales?groupBy=staff', 'staff', 'orders')).toEqual([[waiter, 1]]);
  });

  test('an item goes by its newest name, in the first language of the chain', async () => {
    await tell(
      { occurredAt: '2026-03-07T02:00:00.000Z', lines: [{ item: 1, price: 5_00, name: 'Margherita DOP' }] },
      { occurredAt: '2026-03-07T01:00:00.000Z', lines: [{ item: 1, price: 5_00, name: 'Margherita' }] },
    );
    const { rows } = await reportOf(it, 'sales?groupBy=item,variation');
    expect(rows).toMatchObject([
      { group: { item: { name: 'Margherita DOP' }, variation: { name: 'Margherita DOP, M' } }, total: usd(10_00) },
    ]);
  });

  test('a key of one location sees that location alone', async () => {
    const { id } = await it.makeLocation();
    await tell({}, { locationId: id, lines: [{ item: 1, price: 7_00 }] });
    const key = await it.makeKey({ locationIds: [id], scopes: ['reports:read'] });
    expect((await reportOf(it, 'sales', key)).totals).toMatchObject([{ total: usd(7_00) }]);
    const { body } = await it.call('get', `/v1/reports/sales?locationId=${it.location.id}`, { key }).expect(403);
    expect(body).toMatchObject({ code: 'location_forbidden' });
    expect((await reportOf(it, 'sales')).totals).toMatchObject([{ total: usd(39_00) }]);
  });

  test('what was paid, tipped, rounded and refunded is the ledger’s', async () => {
    await tell({
      server: 'ada',
      tenders: [
        { method: 'cash', part: 500, tip: 0, rounding: -2, refunds: [] },
        { method: 'card', part: 500, tip: 3_00, rounding: 0, refunds: [250] },
      ],
    });
    expect((await reportOf(it, 'payments?groupBy=method,brand,takenBy')).rows).toMatchObject([
      {
        group: { method: { key: 'card' }, brand: { key: 'visa' }, takenBy: { key: 'ada' } },
        payments: 1,
        refunds: 1,
        collected: usd(19_00),
        returned: usd(4_00),
        tips: usd(3_00),
      },
      { group: { method: { key: 'cash' } }, collected: usd(15_98), returned: usd(0), rounding: usd(-2) },
    ]);
    expect((await reportOf(it, 'reconciliation')).totals).toEqual([
      { orders: 1, sales: usd(32_00), paid: usd(32_00), refunded: usd(4_00), difference: usd(4_00) },
    ]);
  });
});

describe('L7: what managers take away', () => {
  test('is CSV by Accept or by its path, the same either way', async () => {
    await tell({ discounts: [{ id: '=cmd|calc', kind: 'fixed', amount: 1_00 }] });
    const byPath = await it.call('get', '/v1/reports/discounts.csv').expect(200);
    const byHeader = await it.call('get', '/v1/reports/discounts').set('accept', 'text/csv').expect(200);
    expect(byPath.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(byPath.text).toBe(`discount,currency,orders,discount\r\n'=cmd|calc,USD,1,1.00\r\n`);
    expect(byHeader.text).toBe(byPath.text);
    await it.call('get', '/v1/reports/discounts').expect('content-type', /application\/json/);
  });

  test('what a dish took from stock, beside what came in and was thrown away', async () => {
    const order = seen();
    await hear(it, order);
    const [line] = order.order.checks[0]?.lines ?? [];
    const stockItemId = newId();
    const moved = (kind: string, quantity: number, cause = newId(), lineId: string | null = null) => ({
      // A gram costs 0.4 of a cent.
      causeId: cause,
      kind,
      locationId: it.location.id,
      movements: [
        {
          id: newId(),
          stockItemId,
          quantity,
          unit: 'g',
          cost: { micros: quantity * 400_000, currency: 'USD' },
          orderId: lineId && cause,
          lineId,
          recipeId: null,
          recipeVersion: null,
          reason: null,
          businessDate: '2026-03-06',
          occurredAt: '2026-03-07T01:30:00.000Z',
        },
      ],
    });
    await it.deliver(StockMoved, moved('sale', -360, order.order.id, line?.id ?? null));
    await it.deliver(StockMoved, moved('waste', -40));
    await it.deliver(StockMoved, moved('receipt', 5_000));
    expect((await reportOf(it, 'stock')).rows).toMatchObject([
      {
        group: { stockItem: { key: stockItemId } },
        unit: 'g',
        movements: 3,
        consumed: 360,
        wasted: 40,
        received: 5_000,
      },
    ]);
    expect((await reportOf(it, 'food-cost')).rows).toMatchObject([
      { group: { item: { name: 'Pizza 1' } }, costMicros: 144_000_000, cost: usd(1_44), net: line?.net },
    ]);
    expect((await reportOf(it, 'stock?groupBy=item')).rows).toMatchObject([
      { group: { item: { name: 'Pizza 1' } }, consumed: 360 },
      { group: { item: { key: null } }, consumed: 0 },
    ]);
  });

  test('how guests rated what they ordered, by location, item and hour', async () => {
    const [early, late] = [seen(), seen({ occurredAt: '2026-03-07T02:30:00.000Z', lines: [{ item: 2, price: 9_00 }] })];
    await hear(it, early);
    await hear(it, late);
    for (const [{ order }, score] of [
      [early, 5],
      [late, 2],
    ] as const) {
      const feedbackId = newId();
      const said = { feedbackId, orderId: order.id, customerId: null, score, tags: [], low: score <= 2 };
      await it.deliver(FeedbackReceived, said);
      await it.deliver(FeedbackReceived, said);
    }
    const rowsOf = async (groupBy: string) => (await reportOf(it, `feedback?groupBy=${groupBy}`)).rows;
    expect(await rowsOf('location')).toMatchObject([{ unit: 'score', ratings: 2, low: 1, score2: 1, score5: 1 }]);
    expect((await rowsOf('item')).map((row) => [row.group['item']?.name, row['ratings'], row['low']])).toEqual([
      ['Pizza 1', 1, 0],
      ['Pizza 2', 1, 1],
    ]);
    expect((await rowsOf('hourOfDay')).map((row) => [row['score5'], row['score2']])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test.each([
    'groupBy=',
    'groupBy=table',
    'groupBy=item,',
    'groupBy=item,item,item,item',
    'from=2026-02-30',
    'by=item',
  ])('400: %s', async (wrong) => {
    const { body } = await it.call('get', `/v1/reports/sales?${wrong}`).expect(400);
    expect(body).toMatchObject({ code: 'malformed_request' });
  });

  test('422: more rows than anybody reads', async () => {
    await it.sql.query(
      `insert into sold_orders (organization_id, order_id, version, digest, resold, location_id, business_date, occurred_at,
         channel, service_type, placed_by, currency, total)
       select $1, gen_random_uuid(), 1, '', true, $2, '2026-03-06', now(), 'pos', 'dine_in', 'till', 'USD', 1
       from generate_series(1, 20001)`,
      [it.id, it.location.id],
    );
    const { body } = await it.call('get', '/v1/reports/reconciliation?groupBy=order').expect(422);
    expect(body).toMatchObject({ code: 'report_too_large' });
    expect((await reportOf(it, 'reconciliation')).totals).toMatchObject([{ orders: 20_001, sales: usd(200_01) }]);
  });
});

test('an older event changes nothing, whenever it comes', async () => {
  const { sales } = seen({
    lines: [
      { item: 1, price: 16_00 },
      { item: 2, price: 5_00, voided: true },
    ],
  });
  await hear(it, { sales: sales.toReversed() }, 1);
  expect((await reportOf(it, 'sales')).totals).toMatchObject([{ orders: 1, total: usd(16_00) }]);
});

test('an order that sells what it sold before costs one statement, however many events tell of it', async () => {
  const { sales, order } = seen();
  await hear(it, { sales });
  const { rows: before } = await it.sql.query('select ctid, xmin from sale_parts');
  const completed = eventOf(it.id, OrderCompleted, { ...order, status: 'completed' }, 2);
  await hear(it, { sales: [completed] });
  expect((await it.sql.query('select ctid, xmin from sale_parts')).rows).toEqual(before);
  expect((await it.sql.query('select version from sold_orders')).rows).toEqual([{ version: 2 }]);
});
