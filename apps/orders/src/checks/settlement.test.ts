import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueOf, note, NOTHING_PAID, paidOf, type PaymentNews, type Settlement, settleFor } from './settlement.js';

const captured = (amount: number, { id = 'p1', version = 1 } = {}): PaymentNews => ({
  paymentId: id,
  version,
  captured: amount,
});
const refund = (of: number, amount: number, { id = 'r1', version = 2 } = {}): PaymentNews => ({
  paymentId: 'p1',
  version,
  captured: of,
  refund: { id, amount },
});

/** Tells a check of payments and totals one after the other, as they happen. */
const told = (...happenings: readonly (PaymentNews | number)[]): { settlement: Settlement; total: number } => {
  let settlement = NOTHING_PAID;
  let total = 0;
  for (const happening of happenings) {
    if (typeof happening === 'number') total = happening;
    else settlement = note(settlement, happening);
    settlement = settleFor(settlement, total);
  }
  return { settlement, total };
};
const dueAfter = (...happenings: readonly (PaymentNews | number)[]): number => {
  const { settlement, total } = told(...happenings);
  return dueOf(settlement, total);
};

describe('what is left to pay', () => {
  test.each<[string, readonly (PaymentNews | number)[], number]>([
    ['everything, before anybody paid', [32_00], 32_00],
    ['the rest, after a part', [32_00, captured(20_00)], 12_00],
    ['nothing, after two guests paid their halves', [32_00, captured(16_00), captured(16_00, { id: 'p2' })], 0],
    ['nothing, after a refund for cold food', [32_00, captured(32_00), refund(32_00, 16_00)], 0],
    ['what came later, after a refund', [32_00, captured(32_00), refund(32_00, 16_00), 42_00], 10_00],
    ['nothing, when a total fell below what was paid', [32_00, captured(32_00), 16_00], 0],
    ['nothing, when the fallen total was answered', [32_00, captured(32_00), 16_00, refund(32_00, 16_00)], 0],
    ['what was taken back and ordered again', [32_00, captured(32_00), 16_00, refund(32_00, 16_00), 32_00], 16_00],
    ['nothing beyond the fall, when more was given back', [32_00, captured(32_00), 30_00, refund(32_00, 32_00)], 0],
    ['everything again, when a payment was let go', [32_00, captured(32_00), captured(0, { version: 2 })], 32_00],
  ])('%s', (_, happenings, due) => {
    expect(dueAfter(...happenings)).toBe(due);
  });

  test('paid is what is in the till: collected less given back', () => {
    const { settlement } = told(
      32_00,
      captured(32_00),
      refund(32_00, 10_00),
      refund(32_00, 2_00, { id: 'r2', version: 3 }),
    );
    expect(paidOf(settlement)).toBe(20_00);
  });
});

describe('events of payments', () => {
  const news = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 3 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((payments) =>
      payments.flatMap(([amount, refunds], p): PaymentNews[] => [
        { paymentId: `p${p}`, version: 1, captured: amount },
        ...refunds.map((given, r) => ({
          paymentId: `p${p}`,
          version: r + 2,
          captured: amount,
          refund: { id: `p${p}r${r}`, amount: given },
        })),
      ]),
    );

  test('come to the same however often and in whatever order they arrive', () => {
    const shuffled = news.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([all, arrived]) => {
        const inOrder = all.reduce(note, NOTHING_PAID);
        const asArrived = arrived.reduce(note, NOTHING_PAID);
        expect(paidOf(asArrived)).toBe(paidOf(inOrder));
      }),
    );
  });

  test('that are known change nothing at all', () => {
    const settlement = note(NOTHING_PAID, captured(32_00, { version: 3 }));
    expect(note(settlement, captured(20_00, { version: 2 }))).toBe(settlement);
    expect(note(settlement, captured(32_00, { version: 3 }))).toBe(settlement);
  });
});
