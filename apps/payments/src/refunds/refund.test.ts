import { describe, expect, test } from 'vitest';
import { bill, payment } from '../testing/builders.js';
import { feeKept, gaveBack, holding, refundedOf, refundOf, released, returning } from './refund.js';

const paidBill = bill({ settled: 30_00 });
const nothing = { amount: undefined, tip: undefined };

describe('what a refund gives back', () => {
  test('everything that is left, tip included, unless it asks for less', () => {
    expect(refundOf(payment({ amount: 30_00, tip: 3_00, refunded: 10_00 }), nothing)).toEqual({
      amount: 20_00,
      tip: 3_00,
    });
    expect(refundOf(payment({ amount: 30_00, tip: 3_00 }), { amount: 12_00, tip: undefined })).toEqual({
      amount: 12_00,
      tip: 0,
    });
    expect(refundOf(payment({ amount: 30_00, tip: 3_00 }), { amount: undefined, tip: 1_00 })).toEqual({
      amount: 0,
      tip: 1_00,
    });
  });

  test.each([
    [
      'a cent more than is left',
      payment({ refunded: 20_00 }),
      { amount: 10_01, tip: undefined },
      'amount_exceeds_refundable',
    ],
    ['a tip that was not given', payment(), { amount: undefined, tip: 1 }, 'amount_exceeds_refundable'],
    ['a payment that went back whole', payment({ refunded: 30_00 }), nothing, 'amount_exceeds_refundable'],
    ['nothing', payment(), { amount: 0, tip: 0 }, 'amount_exceeds_refundable'],
    ['what another refund is giving back', payment({ refunding: 30_00 }), nothing, 'payment_unresolved'],
    ['an authorisation', payment({ status: 'authorized' }), nothing, 'payment_state'],
    ['a declined card', payment({ status: 'declined' }), nothing, 'payment_state'],
    ['a payment nobody knows the outcome of', payment({ status: 'unknown' }), nothing, 'payment_unresolved'],
  ])('refuses %s', (_, of, asked, code) => {
    expect(() => refundOf(of, asked)).toThrow(expect.objectContaining({ code }));
  });

  test('what a refund under way holds is free again when it fails', () => {
    const part = { amount: 12_00, tip: 1_00 };
    const held = holding(payment({ tip: 2_00 }), part);
    expect(refundOf(held, nothing)).toEqual({ amount: 18_00, tip: 1_00 });
    expect(refundOf(released(held, part), nothing)).toEqual({ amount: 30_00, tip: 2_00 });
  });
});

describe('what goes back with it', () => {
  test('15.00 of 20.00 with a fee of 2.00 return 1.50 of the fee, and the other 5.00 the other 0.50', () => {
    const paid = payment({ amount: 20_00, fee: 2_00 });
    expect(returning(paid, { amount: 15_00, tip: 0 }, paidBill).fee).toBe(1_50);
    const after = gaveBack(paid, { amount: 15_00, tip: 0 });
    expect(feeKept(after)).toBe(50);
    expect(returning(after, { amount: 5_00, tip: 0 }, paidBill).fee).toBe(50);
  });

  test('cash of 15.72 that was paid with 15.70 returns 15.70, not rounded again', () => {
    const paid = payment({ method: 'cash', amount: 15_72, rounding: -2 });
    expect(returning(paid, { amount: 15_72, tip: 0 }, paidBill).rounding).toBe(-2);
    expect(refundedOf(gaveBack(paid, { amount: 15_72, tip: 0 }))).toBe(15_70);
  });

  test('in parts, the rounding goes back with the last of them', () => {
    const paid = payment({ method: 'cash', amount: 15_73, rounding: 2 });
    expect(returning(paid, { amount: 5_00, tip: 0 }, paidBill).rounding).toBe(0);
    expect(returning({ ...paid, refunded: 5_00 }, { amount: 10_73, tip: 0 }, paidBill).rounding).toBe(2);
  });

  test('the guest never gets back more than was paid, nor pays coins back', () => {
    const paid = payment({ method: 'cash', amount: 15_40, rounding: -40 });
    expect(returning(paid, { amount: 15_39, tip: 0 }, paidBill).rounding).toBe(-39);
    expect(returning({ ...paid, refunded: 15_39 }, { amount: 1, tip: 0 }, paidBill).rounding).toBe(-1);
  });

  test('a tip goes back alone: no tax, no fee', () => {
    expect(returning(payment({ tax: 2_00, fee: 30, tip: 5_00 }), { amount: 0, tip: 5_00 }, paidBill)).toEqual({
      rounding: 0,
      fee: 0,
      tax: 0,
    });
  });
});
