import { describe, expect, test } from 'vitest';
import { price, refundOf } from './index.js';
import { added, cartOf, included, lineOf, moneyOff, percentCharge } from './testing/builders.js';

const one = (lineId: string, already: number) => [{ lineId, quantity: 1, already }];

describe('refunds', () => {
  test('a line of an order with 1.00 off returns what it cost after its share of the discount', () => {
    const lines = [lineOf('a', 10_00), lineOf('b', 5_00), lineOf('c', 3_00)];
    const priced = price(cartOf(lines, { discounts: [moneyOff('voucher', 1_00)] }));
    expect(refundOf(priced, one('b', 0))).toMatchObject({ discount: 28, total: 4_72 });
  });

  test('each of three menus at 9.99 with tax inside returns 9.99', () => {
    const priced = price(cartOf([lineOf('menus', 9_99, { quantity: 3, taxes: [included('vat', 70_000)] })]));
    expect([0, 1, 2].map((already) => refundOf(priced, one('menus', already)).total)).toEqual([9_99, 9_99, 9_99]);
  });

  test('each of two coffees at 5.25 with tax inside returns 5.25, though neither net nor tax halves', () => {
    const priced = price(cartOf([lineOf('coffees', 5_25, { quantity: 2, taxes: [included('vat', 70_000)] })]));
    expect(priced.totals).toMatchObject({ net: 9_81, tax: 69 });
    expect([0, 1].map((already) => refundOf(priced, one('coffees', already)).total)).toEqual([5_25, 5_25]);
  });

  test('10.00 for three come back as 3.34, 3.33, 3.33', () => {
    const priced = price(cartOf([lineOf('buns', 10_00, { quantity: 3, per: 3 })]));
    expect([0, 1, 2].map((already) => refundOf(priced, one('buns', already)).total)).toEqual([3_34, 3_33, 3_33]);
  });

  test('the part of the service charge comes back with its tax', () => {
    const vat = added('vat', 100_000);
    const priced = price(
      cartOf([lineOf('a', 30_00, { taxes: [vat] }), lineOf('b', 10_00, { taxes: [vat] })], {
        serviceCharges: [percentCharge('service', 100_000, { taxes: [vat] })],
      }),
    );
    const refund = refundOf(priced, one('b', 0));
    expect(refund).toMatchObject({ net: 10_00, serviceCharge: 1_00, tax: 1_10, total: 12_10 });
    expect(refund.taxes).toEqual([{ id: 'vat', base: 11_00, amount: 1_10 }]);
    expect(refund.lines).toMatchObject([{ lineId: 'b', total: 12_10 }]);
  });

  test('500 g of 1.5 kg of ham return a third', () => {
    const priced = price(cartOf([lineOf('ham', 29_90, { quantity: 1_500, per: 1_000 })]));
    expect(refundOf(priced, [{ lineId: 'ham', quantity: 500, already: 0 }]).total).toBe(14_95 + 5);
  });

  test.each([
    { what: 'more than was sold', code: 'refund_exceeds_line', lines: [{ lineId: 'a', quantity: 3, already: 0 }] },
    { what: 'more than is left', code: 'refund_exceeds_line', lines: [{ lineId: 'a', quantity: 1, already: 2 }] },
    { what: 'nothing of a line', code: 'quantity_invalid', lines: [{ lineId: 'a', quantity: 0, already: 0 }] },
    {
      what: 'a line refunded less than never',
      code: 'quantity_invalid',
      lines: [{ lineId: 'a', quantity: 1, already: -1 }],
    },
    { what: 'an unknown line', code: 'line_unknown', lines: [{ lineId: 'x', quantity: 1, already: 0 }] },
    { what: 'a line named twice', code: 'duplicate_id', lines: [...one('a', 0), ...one('a', 1)] },
  ])('$what is refused', ({ code, lines }) => {
    const priced = price(cartOf([lineOf('a', 1_00, { quantity: 2 })]));
    expect(() => refundOf(priced, lines)).toThrow(expect.objectContaining({ code }));
  });
});
