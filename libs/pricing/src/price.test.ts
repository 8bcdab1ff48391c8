import { describe, expect, test } from 'vitest';
import { price, refundOf, splitEvenly } from './index.js';
import type { Cart, PricedServiceCharge, ServiceCharge, TaxPolicy } from './index.js';
import {
  added,
  cartOf,
  fixedCharge,
  included,
  lineOf,
  modifierOf,
  moneyOff,
  percentCharge,
  percentOff,
  usualPolicy,
} from './testing/builders.js';

const salesTax = added('sales', 88_750);

test('an empty cart costs nothing, charges and discounts or not', () => {
  const priced = price(
    cartOf([], { discounts: [moneyOff('voucher', 5_00)], serviceCharges: [fixedCharge('delivery', 3_00)] }),
  );
  expect(priced.totals).toEqual({ gross: 0, discount: 0, net: 0, serviceCharge: 0, tax: 0, total: 0 });
  expect(priced.discounts).toEqual([{ id: 'voucher', amount: 0 }]);
  expect(priced.serviceCharges).toEqual([]);
});

test('the receipt in the README', () => {
  const vat = included('vat-19', 190_000);
  const cart: Cart = {
    currency: 'EUR',
    policy: { roundingMode: 'half-up', roundingLevel: 'line', step: 1, inclusiveTarget: 'tax' },
    serviceType: 'dine_in',
    covers: 2,
    lines: [
      {
        id: 'burgers',
        quantity: 2,
        unitPrice: 12_50,
        modifiers: [{ id: 'cheese', quantity: 1, unitPrice: 1_50, taxes: null, modifiers: [] }],
        taxes: [vat],
        discounts: [],
        seat: 1,
      },
    ],
    discounts: [{ id: 'welcome', kind: 'percent', rate: 100_000 }],
    serviceCharges: [],
  };
  const priced = price(cart);
  expect(priced.totals).toEqual({
    gross: 28_00,
    discount: 2_80,
    net: 21_18,
    serviceCharge: 0,
    tax: 4_02,
    total: 25_20,
  });
  expect(splitEvenly(priced, 2).map(({ total }) => total)).toEqual([12_60, 12_60]);
  expect(refundOf(priced, [{ lineId: 'burgers', quantity: 1, already: 0 }]).total).toBe(12_60);
});

describe('items and modifiers', () => {
  test('two burgers at 12.75 with double cheese at 1.50 a slice and 8.875 % sales tax are 34.30', () => {
    const cheese = modifierOf('cheese', 1_50, { quantity: 2 });
    const burgers = lineOf('burgers', 12_75, { quantity: 2, modifiers: [cheese], taxes: [salesTax] });
    const [line] = price(cartOf([burgers])).lines;
    expect(line).toMatchObject({ gross: 31_50, net: 31_50, tax: 2_80, total: 34_30 });
    expect(line?.modifiers).toEqual([{ id: 'cheese', gross: 6_00, modifiers: [] }]);
  });

  test('three levels of modifiers price as the sum of their parts', () => {
    const truffle = modifierOf('truffle', 2_00);
    const dip = modifierOf('dip', 75, { quantity: 2, modifiers: [truffle] });
    const fries = modifierOf('fries', 3_00, { modifiers: [dip] });
    const meals = lineOf('meals', 9_00, { quantity: 3, modifiers: [fries] });
    const [line] = price(cartOf([meals])).lines;
    expect(line?.gross).toBe(3 * (9_00 + 3_00 + 2 * (75 + 2_00)));
    expect(line?.modifiers).toEqual([
      {
        id: 'fries',
        gross: 9_00,
        modifiers: [{ id: 'dip', gross: 4_50, modifiers: [{ id: 'truffle', gross: 12_00, modifiers: [] }] }],
      },
    ]);
  });

  test('"no cheese" may take 0.50 off its pizza', () => {
    const pizza = lineOf('pizza', 12_00, { modifiers: [modifierOf('no cheese', -50)] });
    expect(price(cartOf([pizza])).totals.total).toBe(11_50);
  });

  test('342 g of ham at 29.90 a kilo are 10.23', () => {
    const ham = lineOf('ham', 29_90, { quantity: 342, per: 1000 });
    expect(price(cartOf([ham])).totals.total).toBe(10_23);
  });

  test('a glass of wine in a menu keeps its own tax, and what is chosen with it follows it', () => {
    const food = included('food', 70_000);
    const drinks = included('drinks', 190_000);
    const wine = modifierOf('wine', 6_00, { taxes: [drinks], modifiers: [modifierOf('reserve', 2_00)] });
    const menu = lineOf('menu', 20_00, { modifiers: [modifierOf('soup', 3_00), wine], taxes: [food] });
    const [line] = price(cartOf([menu], { currency: 'EUR' })).lines;
    expect(line?.components).toMatchObject([
      { id: 'menu', gross: 23_00, net: 21_50, tax: 1_50 },
      { id: 'wine', gross: 8_00, net: 6_72, tax: 1_28 },
    ]);
    expect(line?.taxes).toEqual([
      { id: 'food', base: 21_50, amount: 1_50 },
      { id: 'drinks', base: 6_72, amount: 1_28 },
    ]);
  });

  test('a discount on that menu is shared by food and wine, to the cent', () => {
    const wine = modifierOf('wine', 8_00, { taxes: [included('drinks', 190_000)] });
    const menu = lineOf('menu', 23_00, {
      modifiers: [wine],
      taxes: [included('food', 70_000)],
      discounts: [moneyOff('regular', 1_00)],
    });
    const [line] = price(cartOf([menu])).lines;
    expect(line?.components.map(({ id, discount }) => [id, discount])).toEqual([
      ['menu', 74],
      ['wine', 26],
    ]);
  });
});

describe('discounts', () => {
  test('percents come before fixed amounts, each taken from what is left', () => {
    const line = lineOf('steak', 40_00, {
      discounts: [moneyOff('voucher', 5_00), percentOff('happy hour', 100_000), percentOff('staff', 500_000)],
    });
    const priced = price(cartOf([line]));
    expect(priced.lines[0]?.discounts).toEqual([
      { id: 'happy hour', amount: 4_00 },
      { id: 'staff', amount: 18_00 },
      { id: 'voucher', amount: 5_00 },
    ]);
    expect(priced.totals).toMatchObject({ gross: 40_00, discount: 27_00, total: 13_00 });
  });

  test('a discount takes what is there and no more', () => {
    const line = lineOf('coffee', 3_00, { discounts: [moneyOff('voucher', 5_00)], taxes: [salesTax] });
    const priced = price(cartOf([line], { discounts: [percentOff('comp', 1_500_000)] }));
    expect(priced.lines[0]?.discounts).toEqual([{ id: 'voucher', amount: 3_00 }]);
    expect(priced.discounts).toEqual([{ id: 'comp', amount: 0 }]);
    expect(priced.totals).toMatchObject({ discount: 3_00, tax: 0, total: 0 });
  });

  test('1.00 off an order of 10.00, 5.00 and 3.00 is shared 0.55, 0.28, 0.17', () => {
    const lines = [lineOf('a', 10_00), lineOf('b', 5_00), lineOf('c', 3_00)];
    const priced = price(cartOf(lines, { discounts: [moneyOff('voucher', 1_00)] }));
    expect(priced.lines.map(({ orderDiscounts }) => orderDiscounts)).toEqual([
      [{ id: 'voucher', amount: 55 }],
      [{ id: 'voucher', amount: 28 }],
      [{ id: 'voucher', amount: 17 }],
    ]);
    expect(priced.lines.map(({ total }) => total)).toEqual([9_45, 4_72, 2_83]);
  });

  test('tax is taken on what is paid: 10 % off 10.00 at 8.875 % is 9.80', () => {
    const priced = price(
      cartOf([lineOf('a', 10_00, { taxes: [salesTax] })], { discounts: [percentOff('ten', 100_000)] }),
    );
    expect(priced.totals).toEqual({ gross: 10_00, discount: 1_00, net: 9_00, serviceCharge: 0, tax: 80, total: 9_80 });
  });
});

describe('taxes', () => {
  test.each([
    { where: 'at a table in Germany', serviceType: 'dine_in', tax: 1_60, total: 10_00 },
    { where: 'to take away in Germany', serviceType: 'take_away', tax: 65, total: 10_00 },
  ])('a meal of 10.00 $where includes $tax', ({ serviceType, tax, total }) => {
    const taxes = [
      included('19', 190_000, { serviceTypes: ['dine_in'] }),
      included('7', 70_000, { serviceTypes: ['take_away', 'delivery'] }),
    ];
    const priced = price(cartOf([lineOf('meal', 10_00, { taxes })], { currency: 'EUR', serviceType }));
    expect(priced.totals).toMatchObject({ tax, total });
    expect(priced.taxes).toHaveLength(1);
  });

  test.each([
    { serviceType: 'dine_in', tax: 100 },
    { serviceType: 'take_away', tax: 80 },
  ])('a bento of 1000 yen, $serviceType, is taxed $tax', ({ serviceType, tax }) => {
    const taxes = [
      added('10', 100_000, { serviceTypes: ['dine_in'] }),
      added('8', 80_000, { serviceTypes: ['take_away'] }),
    ];
    const priced = price(cartOf([lineOf('bento', 1000, { taxes })], { currency: 'JPY', serviceType }));
    expect(priced.totals).toMatchObject({ tax, total: 1000 + tax });
  });

  test('in Kuwait, 1.275 dinars at 5 % are 1.339', () => {
    const priced = price(cartOf([lineOf('a', 1275, { taxes: [added('vat', 50_000)] })], { currency: 'KWD' }));
    expect(priced.totals).toMatchObject({ tax: 64, total: 1339 });
  });

  test('a tax that joined the base is taxed by those that compound, and by no other', () => {
    const taxes = [
      added('levy', 100_000, { joinsBase: true }),
      added('gst', 50_000, { compoundsOnPrevious: true }),
      added('city', 50_000),
    ];
    const priced = price(cartOf([lineOf('a', 10_00, { taxes })]));
    expect(priced.taxes).toEqual([
      { id: 'levy', base: 10_00, amount: 1_00 },
      { id: 'gst', base: 11_00, amount: 55 },
      { id: 'city', base: 10_00, amount: 50 },
    ]);
  });

  test('an included tax may build on an included tax: 115.50 holds an excise of 5 % and 10 % VAT on both', () => {
    const taxes = [
      included('excise', 50_000, { joinsBase: true }),
      included('vat', 100_000, { compoundsOnPrevious: true }),
    ];
    const priced = price(cartOf([lineOf('a', 115_50, { taxes })]));
    expect(priced.taxes).toEqual([
      { id: 'excise', base: 100_00, amount: 5_00 },
      { id: 'vat', base: 105_00, amount: 10_50 },
    ]);
  });

  test('included taxes come out of the price first, wherever they are listed', () => {
    const taxes = [added('city', 100_000), included('vat', 250_000)];
    const priced = price(cartOf([lineOf('a', 10_00, { taxes })]));
    expect(priced.totals).toMatchObject({ net: 8_00, tax: 2_80, total: 10_80 });
  });

  test('a tax may round otherwise than its jurisdiction', () => {
    const taxes = [added('usual', 50_000), added('kind', 50_000, { roundingMode: 'down' })];
    const priced = price(cartOf([lineOf('a', 50, { taxes })]));
    expect(priced.taxes.map(({ amount }) => amount)).toEqual([3, 2]);
  });
});

describe('exact ties', () => {
  // 5 % on 0.50 is 0.025, on 0.30 it is 0.015; half of 3 and of 5 cents is the tax where it doubles the bare price.
  const ties = [
    { amount: 50, tax: added('t', 50_000), 'half-up': 3, 'half-even': 2, up: 3, down: 2 },
    { amount: 30, tax: added('t', 50_000), 'half-up': 2, 'half-even': 2, up: 2, down: 1 },
    { amount: 3, tax: included('t', 1_000_000), 'half-up': 2, 'half-even': 2, up: 2, down: 1 },
    { amount: 5, tax: included('t', 1_000_000), 'half-up': 3, 'half-even': 2, up: 3, down: 2 },
  ];
  const modes = ['half-up', 'half-even', 'up', 'down'] as const;
  const levels = ['line', 'document'] as const;

  for (const { amount, tax, ...byMode } of ties) {
    for (const roundingMode of modes) {
      for (const roundingLevel of levels) {
        const where = tax.inclusive ? 'in' : 'on';
        const expected = byMode[roundingMode];
        test(`${tax.rate} ppm ${where} ${amount} cents, ${roundingMode} per ${roundingLevel}, are ${expected}`, () => {
          const policy: TaxPolicy = { ...usualPolicy, roundingMode, roundingLevel };
          expect(price(cartOf([lineOf('a', amount, { taxes: [tax] })], { policy })).totals.tax).toBe(expected);
        });
      }
    }
  }

  test.each([
    { roundingMode: 'half-up', net: 2_88 },
    { roundingMode: 'half-even', net: 2_88 },
    { roundingMode: 'up', net: 2_88 },
    { roundingMode: 'down', net: 2_87 },
  ] as const)('2.99 with 4 % inside, net first, $roundingMode, has a bare price of $net', ({ roundingMode, net }) => {
    const policy: TaxPolicy = { ...usualPolicy, roundingMode, inclusiveTarget: 'net' };
    expect(price(cartOf([lineOf('a', 2_99, { taxes: [included('t', 40_000)] })], { policy })).totals.net).toBe(net);
  });
});

describe('rounding per document', () => {
  const policy: TaxPolicy = { ...usualPolicy, roundingLevel: 'document' };

  test('the rounded sum is divided back over the lines, so that they sum to it', () => {
    const lines = ['a', 'b', 'c'].map((id) => lineOf(id, 11_50, { taxes: [added('vat', 150_000)] }));
    const priced = price(cartOf(lines, { policy }));
    expect(priced.totals.tax).toBe(5_18);
    expect(priced.lines.map(({ tax }) => tax)).toEqual([1_73, 1_73, 1_72]);
  });

  test('the tax of a charge is summed with that of the lines', () => {
    const vat = added('vat', 100_000);
    const lines = [lineOf('a', 4, { taxes: [vat] })];
    const serviceCharges = [fixedCharge('packing', 4, { taxes: [vat] })];
    expect(price(cartOf(lines, { policy, serviceCharges })).totals.tax).toBe(1);
    expect(price(cartOf(lines, { serviceCharges })).totals.tax).toBe(0);
  });

  test('lines of a cent with two included taxes never have more tax than price', () => {
    const taxes = [included('a', 100_000), included('b', 100_000)];
    const lines = Array.from({ length: 6 }, (_, at) => lineOf(`gum ${at}`, 1, { taxes }));
    const priced = price(cartOf(lines, { policy }));
    expect(priced.taxes.map(({ amount }) => amount)).toEqual([1, 1]);
    expect(priced.lines.map(({ net }) => net)).toEqual([0, 0, 1, 1, 1, 1]);
  });

  test('net first, lines with the same included taxes are rounded as one: twice 2.99 at 4 % leave 5.75', () => {
    const lines = ['a', 'b'].map((id) => lineOf(id, 2_99, { taxes: [included('vat', 40_000)] }));
    const netFirst: TaxPolicy = { ...policy, inclusiveTarget: 'net' };
    expect(price(cartOf(lines, { policy: netFirst })).totals).toMatchObject({ net: 5_75, tax: 23 });
    expect(price(cartOf(lines, { policy: { ...netFirst, roundingLevel: 'line' } })).totals).toMatchObject({
      net: 5_76,
      tax: 22,
    });
  });
});

describe('service charges', () => {
  const vat = added('vat', 100_000);

  test.each([
    { what: '10 % of the subtotal after discounts', charge: percentCharge('s', 100_000), amount: 8_00, tax: 0 },
    {
      what: '10 % of the subtotal before discounts',
      charge: percentCharge('s', 100_000, { base: 'pre_discount' }),
      amount: 10_00,
      tax: 0,
    },
    {
      what: '10 % of the total with taxes',
      charge: percentCharge('s', 100_000, { phase: 'total' }),
      amount: 8_80,
      tax: 0,
    },
    {
      what: '10 % of the total, discounts put back',
      charge: percentCharge('s', 100_000, { phase: 'total', base: 'pre_discount' }),
      amount: 10_80,
      tax: 0,
    },
    { what: '10 % taxable', charge: percentCharge('s', 100_000, { taxes: [vat] }), amount: 8_00, tax: 80 },
    {
      what: '10 % of the total, taxable',
      charge: percentCharge('s', 100_000, { phase: 'total', taxes: [vat] }),
      amount: 8_80,
      tax: 88,
    },
    {
      what: '5.00 for delivery, tax included',
      charge: fixedCharge('s', 5_00, { taxes: [included('vat in', 250_000)] }),
      amount: 5_00,
      tax: 1_00,
    },
  ])('$what, of a dinner of 100.00 less 20.00 with 10 % tax: $amount, taxed $tax', ({ charge, amount, tax }) => {
    expect(chargeOnDinner(charge)).toMatchObject({ amount, tax });
  });

  test.each([
    { covers: 5, charged: 0 },
    { covers: 6, charged: 18_00 },
  ])('18 % for parties of six or more: $covers guests are charged $charged', ({ covers, charged }) => {
    const serviceCharges = [percentCharge('gratuity', 180_000, { minimumCovers: 6 })];
    expect(price(cartOf([lineOf('a', 100_00)], { covers, serviceCharges })).totals.serviceCharge).toBe(charged);
  });

  test.each([
    { what: 'once an order', per: 'order', covers: 4, charged: [2_00] },
    { what: 'for each of four guests', per: 'cover', covers: 4, charged: [8_00] },
    { what: 'for nobody, where nobody was counted', per: 'cover', covers: 0, charged: [] },
  ] as const)('2.00 $what', ({ per, covers, charged }) => {
    const serviceCharges = [fixedCharge('cover', 2_00, { per })];
    const priced = price(cartOf([lineOf('a', 30_00)], { covers, serviceCharges }));
    expect(priced.serviceCharges.map(({ amount }) => amount)).toEqual(charged);
  });

  test('a charge on the total counts subtotal charges and their taxes, but no other charge on the total', () => {
    const lines = [lineOf('a', 100_00, { taxes: [vat] })];
    const serviceCharges = [
      percentCharge('late', 100_000, { phase: 'total' }),
      percentCharge('later', 100_000, { phase: 'total' }),
      percentCharge('early', 100_000, { taxes: [vat] }),
    ];
    const priced = price(cartOf(lines, { serviceCharges }));
    expect(priced.serviceCharges.map(({ id, total }) => [id, total])).toEqual([
      ['early', 11_00],
      ['late', 12_10],
      ['later', 12_10],
    ]);
    expect(priced.totals).toEqual({
      gross: 100_00,
      discount: 0,
      net: 100_00,
      serviceCharge: 34_20,
      tax: 11_00,
      total: 145_20,
    });
  });
});

/** How a charge comes out on a dinner of 100.00 with a voucher of 20.00 and 10 % tax on top. */
function chargeOnDinner(charge: ServiceCharge): PricedServiceCharge | undefined {
  const dinner = lineOf('dinner', 100_00, { taxes: [added('vat', 100_000)], discounts: [moneyOff('voucher', 20_00)] });
  return price(cartOf([dinner], { serviceCharges: [charge] })).serviceCharges[0];
}
