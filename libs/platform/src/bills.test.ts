import { Bill } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { billKey, isBillSigned, signBill } from './bills.js';

const KEY = billKey('a secret of at least thirty-two characters');
const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-00000000000${n}`;

const signed = signBill(KEY, {
  organizationId: id(1),
  locationId: id(2),
  orderId: id(3),
  checkId: id(4),
  version: 2,
  businessDate: '2026-03-06',
  total: { amount: 42_00, currency: 'USD' },
  tax: { amount: 3_40, currency: 'USD' },
});

describe('a signed bill', () => {
  test('is what the contract says, and is known again', () => {
    expect(Bill.parse(signed)).toEqual(signed);
    expect(isBillSigned(KEY, signed)).toBe(true);
  });

  test('is known again however its fields are ordered', () => {
    const reordered = Object.fromEntries(Object.entries(signed).reverse()) as Bill;
    expect(isBillSigned(KEY, { ...reordered, total: { currency: 'USD', amount: 42_00 } })).toBe(true);
  });

  test.each<[string, Partial<Bill>]>([
    ['organization', { organizationId: id(9) }],
    ['location', { locationId: id(9) }],
    ['order', { orderId: id(9) }],
    ['check', { checkId: id(9) }],
    ['version', { version: 1 }],
    ['business day', { businessDate: '2026-03-07' }],
    ['total', { total: { amount: 42_01, currency: 'USD' } }],
    ['currency', { total: { amount: 42_00, currency: 'EUR' } }],
    ['tax', { tax: { amount: 3_39, currency: 'USD' } }],
    ['signature', { signature: `${signed.signature.slice(0, -1)}_` }],
    ['signature, cut off', { signature: '' }],
  ])('is refused with another %s', (_, change) => {
    expect(isBillSigned(KEY, { ...signed, ...change })).toBe(false);
  });

  test('of another installation is refused', () => {
    expect(isBillSigned(billKey('another secret of thirty-two characters'), signed)).toBe(false);
  });
});
