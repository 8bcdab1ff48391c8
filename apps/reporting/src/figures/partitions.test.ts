import type { OrderFacts } from '@comanda/contracts';
import { type TestService, testService } from '@comanda/service/testing';
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { MoneyNews } from '../money/money.store.js';
import { reporting } from '../reporting.service.js';
import type { SalesNews } from '../sales/sales.store.js';
import { TAXES, visit, type Visit } from '../testing/evening.js';
import { amountOf, type Answered, forget, hear, reportOf, sumOf } from '../testing/reports.js';
import { CHARGES, DISCOUNTS, PAYMENTS, RECONCILIATION, RETURNS, SALES, TAXES as TAX_REPORT, VOIDS } from './reports.js';

let it: TestService;
let locations: readonly string[];

beforeAll(async () => {
  it = await testService(reporting);
  locations = [it.location.id, (await it.makeLocation({ timeZone: 'Asia/Kolkata' })).id];
});

const REPORTS = [SALES, TAX_REPORT, DISCOUNTS, CHARGES, VOIDS, RETURNS, PAYMENTS, RECONCILIATION];
const DAYS = ['2026-03-07', '2026-03-08', '2026-03-09'];

test('every partition of every report adds up to the same total, to the cent, and to the ledger, whatever came first', async () => {
  await fc.assert(
    fc.asyncProperty(anyEvening(), anyQuestions, fc.infiniteStream(fc.nat()), async (evening, groupings, dice) => {
      await forget(it);
      const visits = evening.map((seen) => visit(it.id, { ...seen, locationId: locations[+seen.locationId] ?? '' }));
      const orders = visits.map(({ order }) => order);
      const sales = shuffled(
        visits.flatMap((each) => each.sales),
        dice,
      );
      const money = shuffled(
        visits.flatMap((each) => each.money),
        dice,
      );
      // What comes twice counts once.
      await hear(it, { sales: [...sales, ...sales.slice(0, 2)], money: [...money, ...money.slice(0, 2)] });

      const totals = await totalsOf('');
      const told = (report: string, figure: string): number => totals[report]?.[figure] ?? 0;
      const sold = (of: keyof (typeof orders)[number]['totals']): number =>
        orders.reduce((sum, order) => sum + order.totals[of].amount - wentBack(order, of), 0);
      for (const of of ['gross', 'discount', 'net', 'serviceCharge', 'tax', 'total'] as const)
        expect(told('sales', of), `sales ${of}`).toBe(sold(of));
      expect(told('taxes', 'tax')).toBe(sold('tax'));
      expect(told('discounts', 'discount')).toBe(sold('discount'));
      expect(told('charges', 'serviceCharge')).toBe(sold('serviceCharge'));
      expect(told('voids', 'value')).toBe(voided(evening));
      expect(told('returns', 'total')).toBe(orders.reduce((sum, order) => sum + wentBack(order, 'total'), 0));

      const ledger = ledgerOf(money);
      const collected = ledger('cash') + ledger('card');
      expect(told('payments', 'collected') - told('payments', 'returned')).toBe(collected);
      for (const [figure, account] of Object.entries(OWNERS))
        expect(told('payments', figure), account).toBe(0 - ledger(account));
      const settled = collected + ledger('tip') + ledger('rounding');
      expect(told('reconciliation', 'sales')).toBe(sold('total'));
      expect(told('reconciliation', 'paid') - told('reconciliation', 'refunded')).toBe(settled);
      expect(told('reconciliation', 'difference')).toBe(sold('total') - settled);

      for (const { name, groupBy } of groupings) {
        const report = REPORTS.find((each) => each.name === name) ?? SALES;
        const grouped = await reportOf(it, `${report.name}?groupBy=${groupBy.join()}`);
        for (const figure of additive(report))
          expect(sumOf(grouped, figure), `${report.name} by ${groupBy.join()}: ${figure}`).toBe(
            told(report.name, figure),
          );
      }
      for (const filters of PARTITIONS()) {
        const parts = await Promise.all(filters.map(totalsOf));
        for (const report of REPORTS)
          for (const figure of additive(report))
            expect(
              parts.reduce((sum, part) => sum + (part[report.name]?.[figure] ?? 0), 0),
              `${report.name} in parts ${filters[0]}…: ${figure}`,
            ).toBe(told(report.name, figure));
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

/** The figures of the payments report, by the account of the ledger that each is. */
const OWNERS = {
  tips: 'tip',
  tax: 'tax',
  merchant: 'merchant',
  platformFee: 'platform_fee',
  providerFee: 'psp_fee',
  rounding: 'rounding',
};

type Totals = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The totals of each report, of what is asked for. */
async function totalsOf(filter: string): Promise<Totals> {
  const answers = await Promise.all(
    REPORTS.map(async ({ name }) => [name, numbersIn(await reportOf(it, `${name}?${filter}`))] as const),
  );
  return Object.fromEntries(answers);
}

const numbersIn = ({ totals: [all] }: Answered): Record<string, number> =>
  Object.fromEntries(Object.entries(all ?? {}).map(([figure, value]) => [figure, amountOf(value)]));

/** What adds up over rows: an order is counted in each row that has a part of it, and what two taxes were taken on in both. */
const additive = ({ sums, counts }: (typeof REPORTS)[number]): string[] =>
  [...Object.keys(sums), ...Object.keys(counts)].filter((figure) => figure !== 'orders');

/** Ways to ask for everything in parts. */
const PARTITIONS = (): string[][] => [
  locations.map((id) => `locationId=${id}`),
  ['to=2026-03-07', 'from=2026-03-08'],
  DAYS.map((day) => `from=${day}&to=${day}`),
  ['pos', 'qr'].map((channel) => `channel=${channel}`),
  ['dine_in', 'take_away'].flatMap((type) => locations.map((id) => `serviceType=${type}&locationId=${id}`)),
];

function ledgerOf(money: readonly MoneyNews[]): (account: string) => number {
  const posted = money.flatMap(({ data }) => ('postings' in data ? data.postings : []));
  return (account) => posted.reduce((sum, leg) => sum + (leg.account === account ? leg.amount.amount : 0), 0);
}

/** What of an order's totals the guests gave back. */
function wentBack({ returns = [] }: OrderFacts, of: keyof OrderFacts['totals']): number {
  const lines = returns.flatMap((each) => each.lines);
  const sum = (amounts: readonly { amount: number }[]): number => amounts.reduce((all, { amount }) => all + amount, 0);
  if (of === 'tax') return sum(lines.flatMap(({ taxes }) => taxes.map(({ amount }) => amount)));
  if (of === 'discount') return sum(lines.flatMap(({ discounts }) => discounts.map(({ amount }) => amount)));
  return sum(lines.map((line) => line[of]));
}

const voided = (evening: readonly Visit[]): number =>
  evening
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.voided ? line.price * (line.quantity ?? 1) : 0), 0);

function shuffled<T extends SalesNews | MoneyNews>(events: readonly T[], dice: fc.Stream<number>): T[] {
  const left = [...events];
  return events.flatMap(() => left.splice((dice.next().value ?? 0) % left.length, 1));
}

const anyQuestions = fc.array(
  fc.constantFrom(...REPORTS).chain((report) =>
    fc.record({
      name: fc.constant(report.name),
      groupBy: fc.uniqueArray(fc.constantFrom(...Object.keys(report.dimensions)), { minLength: 1, maxLength: 3 }),
    }),
  ),
  { minLength: 6, maxLength: 6 },
);

function anyEvening(): fc.Arbitrary<Visit[]> {
  const discount: fc.Arbitrary<NonNullable<Visit['discounts']>[number]> = fc.oneof(
    fc.record({
      id: fc.constant('Staff'),
      kind: fc.constant('percent' as const),
      rate: fc.constantFrom(100_000, 333_333),
    }),
    fc.record({ id: fc.constant('Voucher'), kind: fc.constant('fixed' as const), amount: fc.nat(900) }),
  );
  const line = fc.record({
    item: fc.integer({ min: 1, max: 4 }),
    price: fc.oneof(fc.nat(5), fc.nat(3_000)),
    quantity: fc.integer({ min: 1, max: 3 }),
    taxes: fc.subarray([...TAXES]),
    discounts: fc.array(discount, { maxLength: 1 }),
    voided: fc.boolean(),
    returned: fc.nat(3),
  });
  const tender = fc.record({
    method: fc.constantFrom('cash' as const, 'card' as const),
    part: fc.constantFrom(0, 333, 500, 1_000),
    tip: fc.nat(300),
    rounding: fc.integer({ min: -2, max: 2 }),
    refunds: fc.array(fc.constantFrom(1, 333), { maxLength: 2 }),
  });
  return fc.array(
    fc
      .record({
        locationId: fc.constantFrom('0', '1'),
        businessDate: fc.constantFrom(...DAYS),
        hour: fc.integer({ min: 0, max: 47 }),
        channel: fc.constantFrom('pos' as const, 'qr' as const),
        serviceType: fc.constantFrom('dine_in' as const, 'take_away' as const),
        server: fc.constantFrom('ada', 'ben'),
        roundingLevel: fc.constantFrom('line' as const, 'document' as const),
        lines: fc.array(line, { minLength: 1, maxLength: 3 }),
        discounts: fc.array(discount, { maxLength: 1 }),
        charge: fc.constantFrom(0, 125_000),
        tenders: fc.array(tender, { maxLength: 2 }),
      })
      // Around the night in which clocks go forward in Chicago.
      .map(({ hour, ...seen }) => ({ ...seen, occurredAt: new Date(Date.UTC(2026, 2, 7, hour, 17)).toISOString() })),
    { minLength: 1, maxLength: 6 },
  );
}
