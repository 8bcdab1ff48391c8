import { readFileSync } from 'node:fs';
import { parseDecimal, proportionOf, roundToStep } from '@comanda/money';
import type { RoundingMode } from '@comanda/money';
import { describe, expect, test } from 'vitest';
import { cashRounding, price, refundOf, splitEvenly } from './index.js';
import type { PricedCart, TaxPolicy } from './index.js';
import { added, cartOf, included, lineOf, percentOff, usualPolicy } from './testing/builders.js';

/** Tax and rounding cases that other systems publish; the file's own `about` says how to read them. */
type Vectors = {
  inclusive: { id: string; step: string; price: string; rate: string; target?: 'net'; base: string; tax: string }[];
  exclusive: { id: string; step: string; base: string; rate: string; tax: string; total: string }[];
  stacked: {
    id: string;
    step: string;
    price: string;
    quantity?: number;
    taxes: { rate: string; inclusive?: boolean; intoBase?: boolean }[];
    base: string;
    amounts: string[];
    total: string;
  }[];
  documents: {
    id: string;
    step: string;
    lines: { quantity: number; price: string; rate?: string; inclusive?: boolean }[];
    rate?: string;
    inclusive?: boolean;
    discountPercent?: string;
    line?: string;
    document?: string;
    total?: string;
    base?: string;
    tax?: string;
    fullRefund?: string;
    totals?: string[];
    taxes?: string[];
  }[];
  cashRounding: {
    id: string;
    due: string;
    step: string;
    mode: RoundingMode;
    cash: string;
    adjustment: string;
    card: string;
    cashRefund: string;
  }[];
  split: { id: string; total: string; ways: number; shares: string[] }[];
  platformFee: { id: string; paid: string; fee: string; refund: string; feeRefund: string }[];
};

const vectors: Vectors = JSON.parse(readFileSync(new URL('../vectors/money.json', import.meta.url), 'utf8'));

describe('prices that include a tax', () => {
  test.each(vectors.inclusive)('$id: $price at $rate % in steps of $step is $base and $tax', (given) => {
    const money = moneyIn(given.step);
    const line = lineOf('line', money(given.price), { taxes: [included('tax', ppm(given.rate))] });
    const priced = price(cartOf([line], { policy: policyOf(given.step, given.target) }));
    expect(priced.totals).toMatchObject({
      net: money(given.base),
      tax: money(given.tax),
      total: money(given.price),
    });
  });
});

describe('taxes on top of a price', () => {
  test.each(vectors.exclusive)('$id: $base at $rate % in steps of $step is $total', (given) => {
    const money = moneyIn(given.step);
    const line = lineOf('line', money(given.base), { taxes: [added('tax', ppm(given.rate))] });
    const priced = price(cartOf([line], { policy: policyOf(given.step) }));
    expect(priced.totals).toMatchObject({
      net: money(given.base),
      tax: money(given.tax),
      total: money(given.total),
    });
  });
});

describe('taxes upon taxes', () => {
  test.each(vectors.stacked)('$id: $price comes to $total', (given) => {
    const money = moneyIn(given.step);
    const taxes = given.taxes.map(({ rate, inclusive = false, intoBase = false }, at) =>
      added(`tax-${at}`, ppm(rate), { inclusive, joinsBase: intoBase, compoundsOnPrevious: true }),
    );
    const line = lineOf('line', money(given.price), { quantity: given.quantity ?? 1, taxes });
    const priced = price(cartOf([line], { policy: policyOf(given.step) }));
    expect(priced.totals).toMatchObject({ net: money(given.base), total: money(given.total) });
    expect(taxes.map(({ id }) => amountOf(priced, id))).toEqual(given.amounts.map(money));
  });
});

describe('whole documents', () => {
  test.each(vectors.documents)(
    '$id',
    ({ id, step, lines: items, rate: commonRate = '0', inclusive: common = false, discountPercent, ...stated }) => {
      const money = moneyIn(step);
      const lines = items.map(({ quantity, price: unitPrice, rate = commonRate, inclusive = common }, at) =>
        lineOf(`line-${at}`, money(unitPrice), { quantity, taxes: [added(`tax-${rate}`, ppm(rate), { inclusive })] }),
      );
      const discounts = discountPercent ? [percentOff('discount', ppm(discountPercent))] : [];
      const priceAt = (roundingLevel: TaxPolicy['roundingLevel']) =>
        price(cartOf(lines, { discounts, policy: { ...policyOf(step), roundingLevel } }));
      const priced = priceAt('line');
      const everything = lines.map((line) => ({ lineId: line.id, quantity: line.quantity, already: 0 }));

      const expected = Object.entries(stated).map(([what, text]) => [what, [text].flat().map(money)]);
      expect(expected).not.toEqual([]);
      const computed = {
        line: [priced.totals.total],
        document: [priceAt('document').totals.total],
        total: [priced.totals.total],
        base: [priced.totals.net],
        tax: [priced.totals.tax],
        fullRefund: [refundOf(priced, everything).total],
        totals: priced.lines.map(({ total }) => total),
        taxes: priced.lines.map(({ tax }) => tax),
      };
      expect(computed, id).toMatchObject(Object.fromEntries(expected));
    },
  );
});

describe('cash rounding', () => {
  test.each(vectors.cashRounding)('$id: $due is $cash in cash and $card by card', (given) => {
    const money = moneyIn('0.01');
    const due = money(given.due);
    const adjustment = cashRounding(due, money(given.step), given.mode);
    const cash = due + adjustment;
    expect(adjustment).toBe(money(given.adjustment));
    expect(cash).toBe(money(given.cash));
    expect(due).toBe(money(given.card));
    expect(proportionOf(cash, due, due)).toBe(money(given.cashRefund));
    expect(roundToStep(due, money(given.step), given.mode)).toBe(cash);
  });
});

describe('splits', () => {
  test.each(vectors.split)('$id: $total in $ways', (given) => {
    const money = moneyIn('0.01');
    const priced = price(cartOf([lineOf('line', money(given.total))]));
    expect(splitEvenly(priced, given.ways).map(({ total }) => total)).toEqual(given.shares.map(money));
  });
});

describe('platform fees', () => {
  test.each(vectors.platformFee)('$id: of a fee of $fee on $paid, a refund of $refund returns $feeRefund', (given) => {
    const money = moneyIn('0.01');
    expect(proportionOf(money(given.fee), money(given.refund), money(given.paid))).toBe(money(given.feeRefund));
  });
});

/** Reads amounts of a currency whose smallest step is given: whole units where that is 1, cents otherwise. */
function moneyIn(step: string): (text: string) => number {
  return (text) => parseDecimal(text, step === '1' ? 'CLP' : 'USD');
}

function policyOf(step: string, inclusiveTarget: TaxPolicy['inclusiveTarget'] = 'tax'): TaxPolicy {
  return { ...usualPolicy, step: moneyIn(step)(step), inclusiveTarget };
}

/** Parts per million of a percentage such as "5.5". */
function ppm(percent: string): number {
  const [whole = '', fraction = ''] = percent.split('.');
  return Number(`${whole}${fraction.padEnd(4, '0')}`);
}

function amountOf({ taxes }: PricedCart, taxId: string): number | undefined {
  return taxes.find(({ id }) => id === taxId)?.amount;
}
