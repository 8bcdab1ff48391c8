import { OrderFacts, OrderPlaced } from '@comanda/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movesOf, paidOf, type PointsFact, wholeUnits } from './order-points.js';

const paid = (fields: Partial<PointsFact> = {}): PointsFact => ({
  orderId: 'order',
  kind: 'paid',
  factId: 'order',
  customerId: 'ada',
  earns: 32,
  amount: 32_50,
  paymentId: null,
  occurredAt: new Date('2026-03-06T20:00:00Z'),
  state: 'new',
  version: null,
  holds: null,
  ...fields,
});
const refund = (amount: number, fields: Partial<PointsFact> = {}): PointsFact => ({
  ...paid(),
  kind: 'refunded',
  factId: `refund of ${amount}`,
  customerId: null,
  earns: null,
  amount,
  paymentId: 'payment',
  ...fields,
});
const points = (...facts: PointsFact[]): [string, number][] =>
  movesOf(facts).moves.map(({ kind, points: moved }) => [kind, moved]);

describe('whole units', () => {
  test.each([
    ['32.50 USD', 32_50, 2, 32],
    ['0.99 USD', 99, 2, 0],
    ['3200 JPY', 3200, 0, 3200],
    ['3.250 KWD', 3_250, 3, 3],
    ['less than nothing', -5_00, 2, 0],
  ])('of %s', (_, amount, digits, units) => {
    expect(wholeUnits(amount, digits)).toBe(units);
  });
});

const example = OrderFacts.parse(OrderPlaced.example);
const usd = (amount: number) => ({ amount, currency: 'USD' });
/** What orders tells of an order that comes to so much, with so much paid on each of its checks. */
const told = (total: number, ...paidOn: number[]) => ({
  totals: { ...example.totals, total: usd(total) },
  checks: paidOn.flatMap((amount) => example.checks.map((check) => ({ ...check, paid: usd(amount) }))),
});

describe('what was paid of an order', () => {
  test.each<[string, ReturnType<typeof told>, number]>([
    ['is what it comes to', told(32_50, 32_50), 32_50],
    ['is that of all its checks', told(32_50, 20_00, 12_50), 32_50],
    ['is more than it comes to where something was voided meanwhile', told(80_00, 100_00), 100_00],
    ['is not less for what went back before', told(32_50, 30_00), 32_50],
  ])('%s', (_, facts, amount) => {
    expect(paidOf(facts)).toBe(amount);
  });
});

describe('an order', () => {
  test('that is paid earns its points', () => {
    expect(movesOf([paid()])).toEqual({
      state: 'booked',
      moves: [
        {
          customerId: 'ada',
          kind: 'earn',
          points: 32,
          orderId: 'order',
          paymentId: null,
          reason: null,
          occurredAt: paid().occurredAt,
        },
      ],
    });
  });

  test('of which half goes back loses half of them, with the payment it went back through', () => {
    const { moves } = movesOf([paid({ state: 'booked' }), refund(16_25)]);
    expect(moves).toMatchObject([{ kind: 'reverse', points: -16, paymentId: 'payment' }]);
  });

  test('of which all goes back loses all of them', () => {
    expect(points(paid(), refund(30_00), refund(2_50))).toEqual([
      ['earn', 32],
      ['reverse', -30],
      ['reverse', -2],
    ]);
  });

  test('of which more goes back than it came to loses no more than it earned', () => {
    expect(points(paid({ state: 'booked' }), refund(40_00), refund(1_00))).toEqual([['reverse', -32]]);
  });

  test('that earned nothing has nothing to lose', () => {
    expect(points(paid({ earns: 0, amount: 99 }), refund(99))).toEqual([]);
  });

  test('lets its refunds wait until it is known who paid it', () => {
    expect(movesOf([refund(16_25)])).toEqual({ state: 'waiting', moves: [] });
    expect(points(refund(16_25, { state: 'waiting' }), paid())).toEqual([
      ['earn', 32],
      ['reverse', -16],
    ]);
  });

  test('books nothing twice', () => {
    expect(points(paid({ state: 'booked' }), refund(16_25, { state: 'booked' }))).toEqual([]);
  });

  test('comes to the same points in whatever parts and order it is refunded and heard of', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });
    const rests = fc.integer({ min: 0, max: 10_000 });
    const cuts = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(amounts, rests, fc.nat(), cuts, (parts, rest, seed, cut) => {
        const back = parts.reduce((sum, amount) => sum + amount, 0);
        const order = paid({ amount: back + rest, earns: wholeUnits(back + rest, 2) * 7 });
        const heard = parts.map((amount, i) => refund(amount, { factId: String(i) }));
        heard.splice(seed % (heard.length + 1), 0, order);
        let known: PointsFact[] = [];
        let balance = 0;
        for (const fact of heard) {
          known.push(fact);
          if (!cut.next().value && fact !== heard.at(-1)) continue;
          const { state, moves } = movesOf(known);
          for (const move of moves) {
            balance += move.points;
            expect(balance).toBeGreaterThanOrEqual(0);
          }
          known = known.map((one) => ({ ...one, state }));
        }
        const atOnce = movesOf([order, refund(back)]).moves.reduce((sum, move) => sum + move.points, 0);
        expect(balance).toBe(atOnce);
        if (rest === 0) expect(balance).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the same points whether a line was voided before it was paid or after, in whatever order that is heard of', () => {
    const cents = fc.integer({ min: 1, max: 50_000 });
    const parts = fc.array(cents, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cents, parts, fc.infiniteStream(fc.nat()), (total, voided, picks) => {
        const collected = total + voided.reduce((sum, amount) => sum + amount, 0);
        const back = voided.map((amount, i) => refund(amount, { factId: String(i) }));
        const points = [told(collected, collected), told(total, collected)].map((facts) => {
          const amount = paidOf(facts);
          const heard = [...back];
          heard.splice(picks.next().value % (back.length + 1), 0, paid({ amount, earns: wholeUnits(amount, 2) }));
          return heardOneByOne(heard);
        });
        expect(points[1]).toBe(points[0]);
        expect(Math.abs((points[0] ?? 0) - wholeUnits(total, 2))).toBeLessThanOrEqual(1);
        const all = [paid({ amount: collected, earns: wholeUnits(collected, 2) }), ...back, refund(total)];
        expect(heardOneByOne(all)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The points that an order has come to when each fact was booked as it was heard; never fewer than none. */
function heardOneByOne(facts: readonly PointsFact[]): number {
  let known: PointsFact[] = [];
  let balance = 0;
  for (const fact of facts) {
    const { state, moves } = movesOf([...known, fact]);
    for (const move of moves) {
      balance += move.points;
      expect(balance).toBeGreaterThanOrEqual(0);
    }
    known = [...known, fact].map((one) => ({ ...one, state }));
  }
  return balance;
}
