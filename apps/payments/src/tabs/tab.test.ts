import { describe, expect, test } from 'vitest';
import { bill, payment } from '../testing/builders.js';
import { growing, isOutgrown, type TabCard } from './tab.js';

const card = (authorized: number, state: TabCard['state'] = 'free', id = 'a card'): TabCard => ({
  payment: payment({ id, status: 'authorized', amount: 0, hold: 50_00, authorized }),
  hold: 50_00,
  state,
});
const asked = (total: number, cards: TabCard[], rate = 0) => {
  const attempt = growing(bill({ total }), cards, rate);
  return attempt && [attempt.paymentId, attempt.kind, attempt.amount];
};

describe('a tab has outgrown what is held for it', () => {
  test.each([
    [50_00, 50_00, 0, false],
    [50_01, 50_00, 0, true],
    [55_00, 50_00, 100_000, false],
    [55_01, 50_00, 100_000, true],
    [100_00, 50_00, 1_000_000, false],
    [0, 0, 0, false],
    [1, 0, 100_000, true],
  ])('when it comes to %i, %i are held, and it may grow by %i parts per million: %s', (due, held, rate, outgrown) => {
    expect(isOutgrown({ due, held }, rate)).toBe(outgrown);
  });
});

describe('more is held', () => {
  test.each([
    ['not while it is enough', 50_00, null],
    ['as much again as at first', 50_01, 50_00],
    ['once, up to all of that', 100_00, 50_00],
    ['in whole multiples of it, however far the tab has grown', 130_00, 100_00],
  ])('%s', (_, total, more) => {
    expect(asked(total, [card(50_00)])).toEqual(more && ['a card', 'increment', more]);
  });

  test('of what is left to pay, whoever has paid', () => {
    expect(growing(bill({ total: 90_00, settled: 40_00 }), [card(50_00)], 0)).toBeNull();
    expect(growing(bill({ total: 90_00, settled: 30_00, pending: 10_00 }), [card(50_00)], 0)).toBeNull();
    expect(growing(bill({ total: 90_01, settled: 40_00 }), [card(50_00)], 0)).toMatchObject({ amount: 50_00 });
  });

  test('by the newest card that has not refused; what all hold counts', () => {
    const cards = [card(50_00, 'free', 'Ada’s'), card(50_00, 'free', 'Ben’s')];
    expect(asked(100_00, cards)).toBeNull();
    expect(asked(100_01, cards)).toEqual(['Ada’s', 'increment', 50_00]);
    expect(asked(100_01, [card(50_00, 'refused'), card(50_00, 'free', 'Ben’s')])).toEqual([
      'Ben’s',
      'increment',
      50_00,
    ]);
    expect(asked(100_01, [card(50_00, 'refused'), card(50_00, 'refused')])).toBeNull();
  });

  test('by nobody while a provider has still to answer', () => {
    expect(asked(100_01, [card(50_00), card(50_00, 'busy')])).toBeNull();
  });
});
