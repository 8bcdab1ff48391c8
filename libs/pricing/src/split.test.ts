import { describe, expect, test } from 'vitest';
import { price, splitByItem, splitBySeat, splitEvenly } from './index.js';
import { added, cartOf, included, lineOf, moneyOff, percentCharge } from './testing/builders.js';

const totals = (shares: readonly { readonly total: number }[]): number[] => shares.map(({ total }) => total);
const vat = added('vat', 100_000);

describe('evenly', () => {
  test('100.00 with taxes inside, in three, is 33.34, 33.33, 33.33', () => {
    const taxes = [included('state', 70_000), included('city', 30_000)];
    const priced = price(cartOf([lineOf('feast', 100_00, { taxes })]));
    expect(splitEvenly(priced, 3)).toMatchObject([
      { net: 30_31, tax: 3_03, total: 33_34 },
      { net: 30_30, tax: 3_03, total: 33_33 },
      { net: 30_30, tax: 3_03, total: 33_33 },
    ]);
  });

  test('spare cents of net, charge and tax go round, so that nobody pays two cents more', () => {
    const lines = [lineOf('a', 1_00, { taxes: [vat] })];
    const priced = price(cartOf(lines, { serviceCharges: [percentCharge('s', 100_000)] }));
    expect(priced.totals).toMatchObject({ net: 1_00, serviceCharge: 10, tax: 10, total: 1_20 });
    expect(totals(splitEvenly(priced, 3))).toEqual([40, 40, 40]);
  });

  test('a discount on the check is shared too', () => {
    const priced = price(cartOf([lineOf('a', 30_00)], { discounts: [moneyOff('voucher', 1_00)] }));
    expect(splitEvenly(priced, 3).map(({ discount, total }) => [discount, total])).toEqual([
      [34, 9_67],
      [33, 9_67],
      [33, 9_66],
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN])('in %d ways is refused', (ways) => {
    expect(() => splitEvenly(price(cartOf([])), ways)).toThrow(expect.objectContaining({ code: 'split_invalid' }));
  });
});

describe('by item', () => {
  const priced = price(
    cartOf([lineOf('beers', 4_00, { quantity: 3, taxes: [vat] }), lineOf('pizza', 10_00, { taxes: [vat] })], {
      serviceCharges: [percentCharge('service', 100_000)],
      discounts: [moneyOff('voucher', 2_00)],
    }),
  );

  test('two of three beers and half a pizza: each guest pays their part of discount, tax and service', () => {
    const shares = splitByItem(priced, [
      [
        { lineId: 'beers', parts: 2 },
        { lineId: 'pizza', parts: 1 },
      ],
      [
        { lineId: 'beers', parts: 1 },
        { lineId: 'pizza', parts: 1 },
      ],
    ]);
    expect(shares).toMatchObject([
      { discount: 1_19, net: 11_82, serviceCharge: 1_18, tax: 1_19, total: 14_19 },
      { discount: 81, net: 8_18, serviceCharge: 82, tax: 81, total: 9_81 },
    ]);
    expect(totals(shares).reduce((sum, each) => sum + each)).toBe(priced.totals.total);
  });

  test('a guest who takes nothing pays nothing', () => {
    const everything = priced.lines.map(({ id }) => ({ lineId: id, parts: 1 }));
    expect(totals(splitByItem(priced, [everything, []]))).toEqual([priced.totals.total, 0]);
  });

  test.each([
    { what: 'a line that nobody takes', code: 'split_invalid', parts: [{ lineId: 'beers', parts: 1 }] },
    { what: 'a line that is not there', code: 'line_unknown', parts: [{ lineId: 'caviar', parts: 1 }] },
    { what: 'half a part', code: 'split_invalid', parts: [{ lineId: 'beers', parts: 0.5 }] },
    { what: 'a negative part', code: 'split_invalid', parts: [{ lineId: 'beers', parts: -1 }] },
  ])('$what is refused', ({ code, parts }) => {
    expect(() => splitByItem(priced, [parts])).toThrow(expect.objectContaining({ code }));
  });

  test('a charge on things given away for free is shared alike', () => {
    const free = ['a', 'b'].map((id) => lineOf(id, 5_00, { discounts: [moneyOff('comp', 5_00)] }));
    const given = price(cartOf(free, { serviceCharges: [percentCharge('s', 100_000, { base: 'pre_discount' })] }));
    expect(totals(splitByItem(given, [[{ lineId: 'a', parts: 1 }], [{ lineId: 'b', parts: 1 }]]))).toEqual([50, 50]);
  });
});

describe('by seat', () => {
  const table = price(
    cartOf([
      lineOf('steak', 30_00, { seat: 2 }),
      lineOf('salad', 10_00, { seat: 1 }),
      lineOf('wine', 20_00),
      lineOf('coffee', 5_00, { seat: 2 }),
    ]),
  );

  test('shared wine is divided in proportion to what each seat had, lowest seat first', () => {
    expect(splitBySeat(table).map(({ seat, total }) => [seat, total])).toEqual([
      [1, 14_44],
      [2, 50_56],
    ]);
  });

  test('or evenly, if the table likes that better', () => {
    expect(totals(splitBySeat(table, 'evenly'))).toEqual([20_00, 45_00]);
  });

  test('where no seat has anything to pay, shared items are divided evenly', () => {
    const comped = [1, 2].map((seat) => lineOf(`water ${seat}`, 0, { seat }));
    expect(totals(splitBySeat(price(cartOf([...comped, lineOf('wine', 20_01)]))))).toEqual([10_01, 10_00]);
  });

  test('a table without seats is refused', () => {
    expect(() => splitBySeat(price(cartOf([lineOf('wine', 20_00)])))).toThrow(
      expect.objectContaining({ code: 'split_invalid' }),
    );
  });
});
