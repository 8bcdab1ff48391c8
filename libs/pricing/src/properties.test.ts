import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cart, PricedCart, PricedTax, Share } from './index.js';
import { price, PricingError, refundOf, splitByItem, splitBySeat, splitEvenly } from './index.js';
import { anyCart } from './testing/carts.js';
import { expectedOf } from './testing/oracle.js';

type Sample = { readonly cart: Cart; readonly priced: PricedCart };

/** Generated once, from a fixed seed. A cart in which something costs less than nothing is refused and left out. */
const samples: readonly Sample[] = fc.sample(anyCart(), { seed: 20_151_231, numRuns: 12_000 }).flatMap((cart) => {
  try {
    return [{ cart, priced: price(cart) }];
  } catch (error) {
    if (error instanceof PricingError && error.code === 'price_invalid') return [];
    throw error;
  }
});

describe('over at least 10,000 generated carts', () => {
  test('there are that many, and every kind of rule is among them', () => {
    expect(samples.length).toBeGreaterThanOrEqual(10_000);
    const share = (has: (sample: Sample) => boolean): number => samples.filter(has).length / samples.length;
    expect(share(({ priced }) => priced.totals.total > 0)).toBeGreaterThan(0.7);
    expect(share(({ priced }) => priced.totals.discount > 0)).toBeGreaterThan(0.2);
    expect(share(({ priced }) => priced.serviceCharges.length > 0)).toBeGreaterThan(0.2);
    expect(share(({ priced }) => priced.taxes.length > 1)).toBeGreaterThan(0.2);
    expect(share(({ priced }) => priced.lines.some(({ components }) => components.length > 1))).toBeGreaterThan(0.1);
    expect(share(({ priced }) => priced.totals.gross > Number.MAX_SAFE_INTEGER / 1_000_000)).toBeGreaterThan(0.05);
  });

  test('every amount is what exact fractions say', () => {
    forEvery(({ cart, priced }) => {
      expect({
        lines: priced.lines.map(({ gross, discount, components }) => ({
          gross,
          discount,
          components: components.map(taxedAmounts),
        })),
        serviceCharges: priced.serviceCharges.map(taxedAmounts),
        discounts: priced.discounts.map(({ amount }) => amount),
        gross: priced.totals.gross,
        total: priced.totals.total,
      }).toEqual(expectedOf(cart));
    });
  });

  test('parts sum to totals, on components, lines, charges and the cart', () => {
    forEvery(({ priced }) => {
      const { lines, serviceCharges, discounts, taxes, totals } = priced;
      for (const line of lines) {
        for (const key of ['gross', 'discount', 'net', 'tax', 'total'] as const) {
          expect(line[key], key).toBe(sum(line.components.map((component) => component[key])));
        }
        expect(line.discount).toBe(sum([...line.discounts, ...line.orderDiscounts].map(({ amount }) => amount)));
        expect(line.total).toBe(line.net + line.tax);
        expectSameTaxes(
          line.taxes,
          line.components.map((component) => component.taxes),
        );
      }
      for (const { net, tax, total, taxes: own } of [
        ...lines.flatMap(({ components }) => components),
        ...serviceCharges,
      ]) {
        expect(total).toBe(net + tax);
        expect(tax).toBe(sum(own.map(({ amount }) => amount)));
      }
      discounts.forEach(({ id, amount }, at) => {
        expect(lines.map(({ orderDiscounts }) => orderDiscounts[at]?.id)).toEqual(lines.map(() => id));
        expect(amount).toBe(sum(lines.map(({ orderDiscounts }) => orderDiscounts[at]?.amount ?? 0)));
      });
      expect(totals.gross).toBe(sum(lines.map(({ gross }) => gross)));
      expect(totals.discount).toBe(sum(lines.map(({ discount }) => discount)));
      expect(totals.net).toBe(sum(lines.map(({ net }) => net)));
      expect(totals.serviceCharge).toBe(sum(serviceCharges.map(({ net }) => net)));
      expect(totals.tax).toBe(sum(taxes.map(({ amount }) => amount)));
      expect(totals.total).toBe(totals.net + totals.serviceCharge + totals.tax);
      expectSameTaxes(
        taxes,
        [...lines, ...serviceCharges].map((owner) => owner.taxes),
      );
    });
  });

  test('a price after discounts is its bare price and the taxes it includes', () => {
    forEvery(({ cart, priced }) => {
      const inclusive = inclusiveTaxIds(cart);
      const inside = (taxes: readonly PricedTax[]): number =>
        sum(taxes.filter(({ id }) => inclusive.has(id)).map(({ amount }) => amount));
      for (const { gross, discount, net, taxes } of priced.lines.flatMap(({ components }) => components)) {
        expect(net + inside(taxes)).toBe(gross - discount);
      }
      for (const { amount, net, taxes } of priced.serviceCharges) expect(net + inside(taxes)).toBe(amount);
    });
  });

  test('nothing is below zero, and no discount takes more than there is', () => {
    forEvery(({ priced }) => {
      const owners = [
        ...priced.lines,
        ...priced.lines.flatMap(({ components }) => components),
        ...priced.serviceCharges,
      ];
      for (const { net, tax, total, taxes } of owners) {
        expectNoneNegative([net, tax, total, ...taxes.flatMap(({ base, amount }) => [base, amount])]);
      }
      for (const { gross, discount, discounts, orderDiscounts } of priced.lines) {
        expect(discount).toBeLessThanOrEqual(gross);
        expectNoneNegative([...discounts, ...orderDiscounts].map(({ amount }) => amount));
      }
      expectNoneNegative(Object.values(priced.totals));
    });
  });

  test('a quote equals the charge: the same cart stored as JSON, its keys in any order, is priced byte for byte alike', () => {
    forEvery(({ cart, priced }) => {
      const stored: Cart = JSON.parse(JSON.stringify(cart, reverseKeys));
      expect(JSON.stringify(price(stored))).toBe(JSON.stringify(priced));
    });
  });

  test('refunding everything returns everything, in one go or unit by unit', () => {
    forEvery(({ priced }) => {
      const whole = priced.lines.map(({ id, quantity }) => ({ lineId: id, quantity, already: 0 }));
      expect(totalsOf([refundOf(priced, whole)], priced)).toEqual(shareTotals(priced));

      const steps = priced.lines.flatMap(({ id, quantity }) => {
        const cuts = [...new Set([0, 1, Math.floor(quantity / 3), Math.ceil(quantity / 2), quantity])].sort(
          (a, b) => a - b,
        );
        return cuts
          .slice(1)
          .map((cut, at) => ({ lineId: id, already: cuts[at] ?? 0, quantity: cut - (cuts[at] ?? 0) }));
      });
      const refunds = steps.map((step) => refundOf(priced, [step]));
      for (const refund of refunds) expectShare(refund);
      expect(totalsOf(refunds, priced)).toEqual(shareTotals(priced));
    });
  });

  test('an even split sums to the cart in every amount, its totals apart by a cent at most, the larger first', () => {
    forEvery(({ priced }) => {
      for (const ways of [1, 2, 3, 7]) {
        const shares = splitEvenly(priced, ways);
        for (const share of shares) expectShare(share);
        expect(totalsOf(shares, priced)).toEqual(shareTotals(priced));
        const totals = shares.map(({ total }) => total);
        expect(totals).toEqual([...totals].sort((a, b) => b - a));
        expect((totals[0] ?? 0) - (totals.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      }
    });
  });

  test('a split by seat or by item sums to the cart in every amount', () => {
    forEvery(({ priced }) => {
      const guests = [0, 1, 2].map((guest) =>
        priced.lines.flatMap(({ id, quantity }, at) =>
          at % 3 === guest || quantity % 2 === 0 ? [{ lineId: id, parts: guest + 1 }] : [],
        ),
      );
      const splits: Share[][] = [splitByItem(priced, guests)];
      if (priced.lines.some(({ seat }) => seat !== null)) {
        splits.push(splitBySeat(priced), splitBySeat(priced, 'evenly'));
      }
      for (const shares of splits) {
        for (const share of shares) expectShare(share);
        expect(totalsOf(shares, priced)).toEqual(shareTotals(priced));
      }
    });
  });
});

/** Checks a promise on every cart; when it is broken, tells the smallest cart that breaks it. */
function forEvery(check: (sample: Sample) => void): void {
  const broken: { cart: string; error: unknown }[] = [];
  for (const sample of samples) {
    try {
      check(sample);
    } catch (error) {
      broken.push({ cart: JSON.stringify(sample.cart), error });
    }
  }
  broken.sort((a, b) => a.cart.length - b.cart.length);
  const [first] = broken;
  if (first) throw new Error(`${broken.length} carts, the smallest: ${first.cart}`, { cause: first.error });
}

function taxedAmounts({ net, total, taxes }: { net: number; total: number; taxes: readonly PricedTax[] }): unknown {
  return { net, total, taxes: Object.fromEntries(taxes.map(({ id, amount }) => [id, amount])) };
}

const shareTotals = ({ totals, taxes }: PricedCart): unknown => ({ ...totals, taxes });

function totalsOf(shares: readonly Share[], { taxes }: PricedCart): unknown {
  const totalOf = (key: 'gross' | 'discount' | 'net' | 'serviceCharge' | 'tax' | 'total') =>
    sum(shares.map((share) => share[key]));
  return {
    gross: totalOf('gross'),
    discount: totalOf('discount'),
    net: totalOf('net'),
    serviceCharge: totalOf('serviceCharge'),
    tax: totalOf('tax'),
    total: totalOf('total'),
    taxes: taxes.map(({ id }, at) => ({
      id,
      base: sum(shares.map((share) => share.taxes[at]?.base ?? 0)),
      amount: sum(shares.map((share) => share.taxes[at]?.amount ?? 0)),
    })),
  };
}

function expectShare({ discount, net, serviceCharge, tax, total, taxes }: Share): void {
  expect(total).toBe(net + serviceCharge + tax);
  expect(tax).toBe(sum(taxes.map(({ amount }) => amount)));
  expectNoneNegative([discount, net, serviceCharge, tax, ...taxes.flatMap(({ base, amount }) => [base, amount])]);
}

function expectNoneNegative(amounts: readonly number[]): void {
  expect(amounts.filter((amount) => !Number.isSafeInteger(amount) || amount < 0)).toEqual([]);
}

function expectSameTaxes(whole: readonly PricedTax[], parts: readonly (readonly PricedTax[])[]): void {
  for (const { id, base, amount } of whole) {
    const same = parts.flat().filter((tax) => tax.id === id);
    expect({ base, amount }).toEqual({
      base: sum(same.map((tax) => tax.base)),
      amount: sum(same.map((tax) => tax.amount)),
    });
  }
  expect(new Set(parts.flat().map(({ id }) => id))).toEqual(new Set(whole.map(({ id }) => id)));
}

function inclusiveTaxIds(cart: Cart): Set<string> {
  const ids = new Set<string>();
  JSON.stringify(cart, (_key, value) => {
    if (value?.inclusive === true) ids.add(value.id);
    return value;
  });
  return ids;
}

function reverseKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed());
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
