import { describe, expect, test } from 'vitest';
import { approved, attempt, bill, declined, free, nickels, payment, unknown } from '../testing/builders.js';
import { AFTER, afterStep, captured, captureOf, cardTender, cashTender, platformFee } from './payment.js';

const asked = (amount?: number, tip = 0, tendered?: number) => ({ amount, tip, tendered });

describe('cash', () => {
  test('20.00 for a bill of 15.70 is 4.30 change', () => {
    expect(cashTender(bill({ total: 15_70 }), asked(undefined, 0, 20_00), null)).toEqual({
      amount: 15_70,
      rounding: 0,
      tip: 0,
      tendered: 20_00,
      change: 4_30,
    });
  });

  test('15.72 in coins of 0.05 is paid with 15.70, and the rounding is −0.02', () => {
    expect(cashTender(bill({ total: 15_72 }), asked(), nickels)).toMatchObject({
      amount: 15_72,
      rounding: -2,
      tendered: 15_70,
    });
  });

  test('whoever asks for the rounded amount has settled the bill', () => {
    expect(cashTender(bill({ total: 15_72 }), asked(15_70), nickels)).toMatchObject({ amount: 15_72, rounding: -2 });
    expect(cashTender(bill({ total: 15_73 }), asked(15_75), nickels)).toMatchObject({ amount: 15_73, rounding: 2 });
  });

  test('with 10.00 paid by card, only the 5.72 in cash are rounded', () => {
    expect(cashTender(bill({ total: 15_72, settled: 10_00 }), asked(), nickels)).toMatchObject({
      amount: 5_72,
      rounding: -2,
      tendered: 5_70,
    });
  });

  test('a tip is added as it is, and change is what is left of the banknote', () => {
    expect(cashTender(bill({ total: 15_72 }), asked(undefined, 1_01, 20_00), nickels)).toMatchObject({
      rounding: -2,
      tip: 1_01,
      change: 3_29,
    });
  });

  test('a bill of 0.02 is settled with no coin at all, but 0.02 of a larger one is refused', () => {
    expect(cashTender(bill({ total: 2 }), asked(), nickels)).toMatchObject({ amount: 2, rounding: -2, tendered: 0 });
    expect(() => cashTender(bill({ total: 10_00 }), asked(2), nickels)).toThrow(
      expect.objectContaining({ code: 'cash_too_little' }),
    );
  });

  test('15.69 handed over for 15.70 is too little', () => {
    expect(() => cashTender(bill({ total: 15_72 }), asked(undefined, 0, 15_69), nickels)).toThrow(
      expect.objectContaining({ code: 'cash_too_little' }),
    );
  });
});

describe('cards', () => {
  test('15.72 is charged as 15.72, whatever the coins', () => {
    expect(cardTender(bill({ total: 15_72 }), asked(undefined, 2_00))).toEqual({
      amount: 15_72,
      rounding: 0,
      tip: 2_00,
      tendered: null,
      change: null,
    });
  });

  test('amount and tip together stay within what can be handled', () => {
    const huge = bill({ total: 1_000_000_000_000 });
    expect(() => cardTender(huge, asked(undefined, 1))).toThrow(expect.objectContaining({ code: 'amount_too_large' }));
  });
});

describe('the platform fee', () => {
  test.each([
    ['1 % and 0.10 of 20.00', 20_00, { rate: 10_000, fixed: 10 }, 30],
    ['10 % of 20.00', 20_00, { rate: 100_000, fixed: 0 }, 2_00],
    ['half a cent counts as one', 50, { rate: 10_000, fixed: 0 }, 1],
    ['0.10 of a payment of 0.05 takes no more than there is', 5, { rate: 0, fixed: 10 }, 5],
    ['nothing of a tip alone', 0, { rate: 10_000, fixed: 10 }, 0],
  ])('%s', (_, amount, terms, fee) => expect(platformFee(amount, terms)).toBe(fee));

  test('is taken of the bill, not of the tip', () => {
    const pending = payment({ status: 'pending', amount: 20_00, tip: 5_00 });
    expect(captured(pending, pending, bill({ total: 20_00 }), { rate: 10_000, fixed: 10 })).toMatchObject({ fee: 30 });
  });
});

describe('capturing what was authorised', () => {
  const held = payment({ status: 'authorized', amount: 30_00, tip: 2_00 });
  const on = bill({ authorized: 30_00 });

  test('is all of it with its tip, unless less or another tip is asked for', () => {
    expect(captureOf(held, on, { amount: undefined, tip: undefined })).toEqual({ amount: 30_00, tip: 2_00 });
    expect(captureOf(held, on, { amount: 25_00, tip: 5_00 })).toEqual({ amount: 25_00, tip: 5_00 });
  });

  test('is never more than was authorised, nor than is left of a bill that fell', () => {
    const tooMuch = expect.objectContaining({ code: 'amount_exceeds_due' });
    expect(() => captureOf(held, bill({ total: 40_00, authorized: 30_00 }), { amount: 30_01, tip: 0 })).toThrow(
      tooMuch,
    );
    expect(() =>
      captureOf(held, bill({ total: 20_00, authorized: 30_00 }), { amount: undefined, tip: undefined }),
    ).toThrow(tooMuch);
    expect(captureOf(held, bill({ total: 20_00, authorized: 30_00 }), { amount: 20_00, tip: 0 })).toEqual({
      amount: 20_00,
      tip: 0,
    });
  });

  test.each([
    ['pending', 'payment_unresolved'],
    ['unknown', 'payment_unresolved'],
    ['captured', 'payment_state'],
    ['declined', 'payment_state'],
    ['voided', 'payment_state'],
  ] as const)('is refused when the payment is %s', (status, code) => {
    expect(() => captureOf(payment({ status }), bill(), { amount: undefined, tip: undefined })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('what a tab’s card is captured for', () => {
  const tab = payment({ status: 'authorized', amount: 0, hold: 50_00, authorized: 50_00, tipAllowance: 10_00 });
  const of = (total: number, asked: { amount?: number; tip?: number } = {}, more: Parameters<typeof bill>[0] = {}) =>
    captureOf(tab, bill({ total, ...more }), { amount: asked.amount, tip: asked.tip });

  test.each([
    ['what is due', 8_00, {}, { amount: 8_00, tip: 0 }],
    ['what is due, and a tip', 42_00, { tip: 8_00 }, { amount: 42_00, tip: 8_00 }],
    ['a part, when it is asked for', 42_00, { amount: 20_00 }, { amount: 20_00, tip: 0 }],
    ['what it holds and may be taken beyond it', 65_00, {}, { amount: 60_00, tip: 0 }],
    ['that, but for the tip', 65_00, { tip: 8_00 }, { amount: 52_00, tip: 8_00 }],
    ['a tip alone', 0, { tip: 3_00 }, { amount: 0, tip: 3_00 }],
  ])('%s', (_, total, asked, taken) => expect(of(total, asked)).toEqual(taken));

  test('what others paid, or are paying, is not due', () => {
    expect(of(42_00, {}, { settled: 10_00, pending: 5_00, authorized: 7_00 })).toEqual({ amount: 20_00, tip: 0 });
  });

  test('never more than is due or borne, and not nothing', () => {
    expect(() => of(42_00, { amount: 42_01 })).toThrow(expect.objectContaining({ code: 'amount_exceeds_due' }));
    expect(() => of(65_00, { amount: 60_01 })).toThrow(expect.objectContaining({ code: 'amount_exceeds_due' }));
    expect(() => of(0)).toThrow(expect.objectContaining({ code: 'nothing_due' }));
  });
});

describe('after the provider answered', () => {
  const context = { bill: bill(), fee: free };

  test('every step goes where the table says', () => {
    expect(AFTER).toEqual({
      charge: { approved: 'captured', declined: 'declined', unknown: 'unknown' },
      authorize: { approved: 'authorized', declined: 'declined', unknown: 'unknown' },
      capture: { approved: 'captured', declined: 'authorized', unknown: 'unknown' },
      void: { approved: 'voided', declined: 'authorized', unknown: 'unknown' },
    });
  });

  test('the first thing anybody hears of a payment is version 1, and each later state is one more', () => {
    const pending = payment({ status: 'pending', version: 1 });
    const lost = afterStep(pending, attempt('charge', pending), unknown, context);
    expect(lost).toMatchObject({ status: 'unknown', version: 1 });
    expect(afterStep(lost, attempt('charge', lost), approved(), context)).toMatchObject({
      status: 'captured',
      version: 2,
    });
  });

  test('a capture that was declined leaves the authorisation as it was', () => {
    const held = payment({ status: 'authorized', version: 1 });
    expect(afterStep(held, attempt('capture', held), declined(), context)).toEqual(held);
  });

  test('a capture that was unknown and then declined is an authorisation again, one version later', () => {
    const held = payment({ status: 'unknown', version: 2 });
    expect(afterStep(held, attempt('capture', held), declined(), context)).toMatchObject({
      status: 'authorized',
      version: 3,
    });
  });

  test('a charge that was given up as lost and turns out approved is captured after all', () => {
    const lost = payment({ status: 'declined', declineCode: 'never_arrived', version: 2 });
    expect(afterStep(lost, attempt('charge', lost), approved(), context)).toMatchObject({
      status: 'captured',
      declineCode: null,
      version: 3,
    });
  });

  test('a declined card says why', () => {
    const pending = payment({ status: 'pending' });
    expect(afterStep(pending, attempt('charge', pending), declined('insufficient_funds'), context)).toMatchObject({
      status: 'declined',
      declineCode: 'insufficient_funds',
    });
  });

  test('a captured authorisation counts for the day of its capture', () => {
    const held = payment({ status: 'authorized', businessDate: '2026-03-06' });
    const next = attempt('capture', held, { businessDate: '2026-03-07', amount: 25_00, tip: 4_00 });
    expect(afterStep(held, next, approved(), context)).toMatchObject({
      businessDate: '2026-03-07',
      amount: 25_00,
      tip: 4_00,
    });
  });
});
