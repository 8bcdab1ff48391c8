import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PointsFact } from './order-points.js';
import { spendingOf } from './reward-points.js';

const fact = (kind: PointsFact['kind'], more: Partial<PointsFact>): PointsFact => ({
  orderId: 'order',
  kind,
  factId: kind,
  customerId: kind === 'refunded' ? null : 'ada',
  earns: null,
  amount: 0,
  paymentId: null,
  occurredAt: new Date('2026-03-06T20:10:00Z'),
  state: 'new',
  version: null,
  holds: null,
  ...more,
});
const paid = (amount: number) => fact('paid', { amount, earns: 0 });
const refund = (amount: number) => fact('refunded', { amount });
/** A reward of 100 points that takes so much off, with so many points booked as spent. */
const reward = (amount: number, holds: number) => fact('reward', { amount, earns: 100, holds, version: 2 });

const pointsOf = (facts: readonly PointsFact[]) => spendingOf(facts).moves.map(({ kind, points }) => [kind, points]);

describe('the points of a reward', () => {
  test.each<[string, readonly PointsFact[], (string | number)[][]]>([
    ['stay spent while it is on the order', [reward(5_00, 100)], []],
    ['come back when it is on it no more', [reward(0, 100)], [['reverse', 100]]],
    ['are spent again when it comes back', [reward(5_00, 0)], [['redeem', -100]]],
    ['come back in proportion to a refund', [paid(20_00), refund(5_00), reward(5_00, 100)], [['reverse', 25]]],
    ['come back whole with all of the money', [paid(20_00), refund(20_00), reward(5_00, 100)], [['reverse', 100]]],
    ['come back once: cancelled, then refunded', [paid(20_00), refund(20_00), reward(0, 0)], []],
    ['wait with a refund for what was paid', [refund(5_00), reward(5_00, 100)], []],
    ['stay spent when the order cost nothing', [paid(0), reward(5_00, 100)], []],
  ])('%s', (_, facts, moves) => {
    expect(pointsOf(facts)).toEqual(moves);
  });

  test('of many partial refunds come back in parts that sum to all', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 50_00 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 1_000 }), (amounts, cost) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0);
        let holds = cost;
        for (let known = 1; known <= amounts.length; known++) {
          const refunds = amounts
            .slice(0, known)
            .map((amount, at) => fact('refunded', { factId: `refund${at}`, amount }));
          const spent = fact('reward', { amount: 1_00, earns: cost, holds, version: 2 });
          const { moves, holdings } = spendingOf([paid(total), ...refunds, spent]);
          expect(moves.reduce((sum, { points }) => sum + points, 0)).toBe(holds - (holdings[0]?.holds ?? 0));
          for (const { points } of moves) expect(points).toBeGreaterThan(0);
          holds = holdings[0]?.holds ?? 0;
        }
        expect(holds).toBe(0);
      }),
    );
  });
});
