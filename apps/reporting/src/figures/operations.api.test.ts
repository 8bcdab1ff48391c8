import { LedgerPosted, OrderChanged } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reporting } from '../reporting.service.js';
import { eventOf, usd, visit, type Visit } from '../testing/evening.js';
import { forget, hear, reportOf } from '../testing/reports.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(reporting);
});
beforeEach(() => forget(it));

const AT = '2026-03-07T01:30:00.000Z';
const after = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1000).toISOString();
const seen = (some: Partial<Visit> = {}) =>
  visit(it.id, {
    locationId: it.location.id,
    businessDate: '2026-03-06',
    occurredAt: AT,
    lines: [{ item: 1, price: 16_00, quantity: 2 }],
    ...some,
  });
const rowsOf = async (question: string, ...names: string[]) =>
  (await reportOf(it, question)).rows.map(({ group, ...figures }) => [
    ...names.map((name) => group[name]?.key),
    ...Object.values(figures),
  ]);

describe('service charges by charge', () => {
  test('what was taken, less what went back, is the service charge of the sales; what was waived is told by who and why', async () => {
    await hear(it, seen({ charge: 100_000, lines: [{ item: 1, price: 16_00, quantity: 2, returned: 1 }] }));
    const { order } = seen({ charge: 100_000 });
    const [waiter, manager] = [newId(), newId()];
    const charges = (order.checks[0]?.charges ?? []).map((charge) => ({
      ...charge,
      amount: usd(0),
      taxes: [],
      waived: {
        reason: 'Had to wait',
        by: 'till 1',
        at: AT,
        businessDate: '2026-03-07',
        amount: usd(3_20),
        staffId: waiter,
        approverId: manager,
      },
    }));
    const facts = { ...order, checks: order.checks.map((check) => ({ ...check, charges })) };
    await hear(it, { sales: [eventOf(it.id, OrderChanged, facts, 2)] });
    const { rows, totals } = await reportOf(it, 'charges');
    expect(rows).toMatchObject([
      { group: { charge: { name: 'Service' } }, waived: usd(3_20), serviceCharge: usd(1_60) },
    ]);
    expect(totals).toEqual([{ orders: 2, waivers: 1, serviceCharge: usd(1_60), waived: usd(3_20) }]);
    expect((await reportOf(it, 'sales')).totals).toMatchObject([{ serviceCharge: usd(1_60) }]);
    expect(await rowsOf('charges?groupBy=businessDate', 'businessDate')).toEqual([
      ['2026-03-06', 1, 0, usd(3_20), usd(0)],
      ['2026-03-07', 1, 1, usd(0), usd(3_20)],
      ['2026-03-09', 1, 0, usd(-1_60), usd(0)],
    ]);
    expect(await rowsOf('charges?groupBy=reason,waivedBy,approvedBy', 'reason', 'waivedBy', 'approvedBy')).toEqual([
      ['Had to wait', waiter, manager, 1, 1, usd(0), usd(3_20)],
      [null, null, null, 1, 0, usd(1_60), usd(0)],
    ]);
    const { text } = await it.call('get', '/v1/reports/charges.csv?groupBy=location').expect(200);
    expect(text.split('\r\n')[1]).toMatch(/,USD,2,1,1\.60,3\.20$/);
  });
});

test('discounts by their source: coupon, reward, comp, or by hand', async () => {
  const { order } = seen();
  const [line] = order.checks[0]?.lines ?? [];
  const off = (name: string, amount: number, more: object = {}) => ({
    id: newId(),
    name,
    amount: usd(amount),
    ...more,
  });
  const discounts = [
    off('WELCOME', 5_00, { source: { kind: 'coupon', id: newId() } }),
    off('Free coffee', 3_00, { source: { kind: 'reward', id: newId() } }),
    off('Burnt', 2_00, { kind: 'comp', reason: 'Burnt' }),
    off('Regulars', 1_00, { kind: 'percent' }),
    off('Voucher', 50, { kind: 'fixed' }),
  ];
  const checks = [{ ...order.checks[0], lines: [{ ...line, discounts }] }];
  await hear(it, { sales: [eventOf(it.id, OrderChanged, { ...order, checks } as typeof order, 2)] });
  expect(await rowsOf('discounts?groupBy=discountSource', 'discountSource')).toEqual([
    ['comp', 1, usd(2_00)],
    ['coupon', 1, usd(5_00)],
    ['manual', 1, usd(1_50)],
    ['reward', 1, usd(3_00)],
  ]);
});

describe('table turn', () => {
  /** Guests who have paid so many minutes after they ordered. */
  const taken = async (minutes: number, some: Partial<Visit> = {}) => {
    const { sales, money } = seen({
      table: '5',
      tenders: [{ method: 'card', part: 1_000, tip: 0, rounding: 0, refunds: [] }],
      ...some,
    });
    const paidAt = after(minutes * 60);
    await hear(it, {
      sales,
      money: money.map((event) => ({ ...event, data: { ...event.data, occurredAt: paidAt } }) as typeof event),
    });
  };

  test('is from the order until it was paid, by table, party and hour; rows add up', async () => {
    await taken(40);
    await taken(60);
    await taken(90, { table: '6' });
    const { rows, totals } = await reportOf(it, 'table-turn?groupBy=table');
    expect(totals).toEqual([
      { unit: 'second', turns: 3, guests: 6, seconds: 190 * 60, median: 60 * 60, longest: 90 * 60 },
    ]);
    expect(rows.map(({ group, turns, seconds }) => [group['table']?.key, turns, seconds])).toEqual([
      ['5', 2, 100 * 60],
      ['6', 1, 90 * 60],
    ]);
    expect(await rowsOf('table-turn', 'covers')).toEqual([['2', 'second', 3, 6, 190 * 60, 60 * 60, 90 * 60]]);
    expect(await rowsOf('table-turn?groupBy=hourOfDay', 'hourOfDay')).toEqual([
      ['19', 'second', 3, 6, 190 * 60, 60 * 60, 90 * 60],
    ]);
  });

  test('leaves out who has no table, and who has not paid', async () => {
    await hear(it, { sales: seen({ table: '5' }).sales });
    await hear(it, seen({ tenders: [{ method: 'cash', part: 1_000, tip: 0, rounding: 0, refunds: [] }] }));
    expect((await reportOf(it, 'table-turn')).totals).toEqual([]);
  });
});

test('sync health: how late orders, payments and stock were recorded, by service', async () => {
  const online = seen().sales;
  const offline = seen().sales.map((event) => ({ ...event, data: { ...event.data, recordedAt: after(7_200) } }));
  const money = seen({ tenders: [{ method: 'cash', part: 1_000, tip: 0, rounding: 0, refunds: [] }] }).money;
  await hear(it, {
    sales: [...online, ...offline],
    money: money.map((event) => (event.type === LedgerPosted.type ? { ...event, recordedAt: after(2) } : event)),
  });
  expect(await rowsOf('sync-health', 'service')).toEqual([
    ['orders', 'millisecond', 2, 1, 0, 7_200_000, 7_200_000, 7_200_000],
    ['payments', 'millisecond', 1, 0, 2_000, 2_000, 2_000, 2_000],
  ]);
  const { text } = await it.call('get', '/v1/reports/sync-health.csv').expect(200);
  expect(text.split('\r\n')[0]).toBe('service,unit,events,late,p50,p95,p99,longest');
});
