import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cart, Division, PricedCart, Share, SplitPlan } from './index.js';
import { divideOver, partOfShare, price, PricingError, splitByItem, splitEvenly, waysOf } from './index.js';
import { added, cartOf, lineOf, moneyOff, percentCharge } from './testing/builders.js';
import { anyCart } from './testing/carts.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const totals = (shares: readonly Share[]): number[] => shares.map(({ total }) => total);
const nobody = (ways: number): null[] => Array.from({ length: ways }, () => null);
const evenly = (ways: number): SplitPlan => ({ by: 'evenly', ways });
const vat = added('vat', 100_000);

/** The shares, of which these checks have been paid. */
const paid = (shares: readonly Share[], ...checks: number[]) => shares.map((s, at) => (checks.includes(at) ? s : null));

describe('a division over checks', () => {
  test('100.00/3 = 33.34 + 33.33 + 33.33', () => {
    const feast = price(cartOf([lineOf('feast', 100_00)]));
    expect(totals(divideOver(feast, evenly(3), nobody(3)))).toEqual([33_34, 33_33, 33_33]);
  });

  test('evenly is what splitEvenly says, by item what splitByItem says, while nobody has paid', () => {
    const priced = price(
      cartOf([lineOf('beers', 4_00, { quantity: 3, taxes: [vat] }), lineOf('pizza', 10_01, { taxes: [vat] })], {
        serviceCharges: [percentCharge('service', 125_000)],
        discounts: [moneyOff('voucher', 2_00)],
      }),
    );
    const parts = { beers: [2, 1], pizza: [1, 1] };
    const guests = [0, 1].map((guest) =>
      Object.entries(parts).map(([lineId, taken]) => ({ lineId, parts: taken[guest] ?? 0 })),
    );
    const plain = (shares: readonly Division[]) => shares.map(({ of: _, ...share }) => share);
    expect(plain(divideOver(priced, evenly(3), nobody(3)))).toEqual(splitEvenly(priced, 3));
    const byItem = divideOver(priced, { by: 'items', ways: 2, parts }, nobody(2));
    expect(plain(byItem)).toEqual(splitByItem(priced, guests));
    expect(byItem.map(({ of }) => of.map(({ lineId, parts: own, of: all }) => [lineId, own, all]))).toEqual([
      [
        ['beers', 2, 3],
        ['pizza', 1, 2],
      ],
      [
        ['beers', 1, 3],
        ['pizza', 1, 2],
      ],
    ]);
  });

  test('in amounts comes to them to the cent, whatever the taxes, and the last takes the rest', () => {
    const taxes = [added('state', 88_750), added('city', 10_001)];
    const priced = price(cartOf([lineOf('feast', 91_03, { taxes })]));
    const plan: SplitPlan = { by: 'amounts', amounts: [20_00, 33_33, 1] };
    expect(totals(divideOver(priced, plan, nobody(4)))).toEqual([20_00, 33_33, 1, priced.totals.total - 53_34]);
  });
});

describe('what comes after a payment', () => {
  const before = price(cartOf([lineOf('pizza', 20_00, { seat: 1 }), lineOf('pasta', 10_00, { seat: 2 })]));
  const seats: SplitPlan = { by: 'seats', seats: [[1], [2]], shared: 'pro_rata', parts: {} };
  const after = (...lines: Parameters<typeof lineOf>[]) => price(cartOf(lines.map((line) => lineOf(...line))));
  const bySeat = divideOver(before, seats, nobody(2));
  const inThree = divideOver(before, evenly(3), nobody(3));

  test('is carried by those who have not paid', () => {
    const more = after(['pizza', 20_00], ['pasta', 10_00], ['wine', 9_00]);
    expect(totals(divideOver(more, evenly(3), paid(inThree, 0), before))).toEqual([10_00, 14_50, 14_50]);
  });

  test('falls on everybody alike when all have paid', () => {
    const more = after(['pizza', 20_00], ['pasta', 10_00], ['wine', 9_00]);
    expect(totals(divideOver(more, evenly(3), paid(inThree, 0, 1, 2), before))).toEqual([13_00, 13_00, 13_00]);
  });

  test('is the guest’s own to pay when it is ordered at the seat that has paid', () => {
    const coffee = after(['pizza', 20_00, { seat: 1 }], ['pasta', 10_00, { seat: 2 }], ['coffee', 3_00, { seat: 1 }]);
    expect(totals(divideOver(coffee, seats, paid(bySeat, 0), before))).toEqual([23_00, 10_00]);
  });

  test('and what is taken off the bill of who has paid falls off that check, not off another’s', () => {
    const burnt = after(['pasta', 10_00, { seat: 2 }]);
    expect(totals(divideOver(burnt, seats, paid(bySeat, 0), before))).toEqual([0, 10_00]);
  });

  test('when the others cannot carry a fall, the paid ones fall, too, and nobody owes less than nothing', () => {
    const little = after(['pasta', 10_00]);
    expect(totals(divideOver(little, evenly(3), paid(inThree, 0, 1), before))).toEqual([5_00, 5_00, 0]);
  });

  test('a part that was paid before the split stays as it is, with its part of the tax', () => {
    const priced = price(cartOf([lineOf('feast', 100_00, { taxes: [vat] })]));
    const [whole] = divideOver(priced, evenly(1), nobody(1));
    const part = partOfShare(whole as Share, 40_00);
    expect(part).toMatchObject({ total: 40_00, tax: 3_64, net: 36_36, gross: 36_36 });
    expect(totals(divideOver(priced, evenly(3), [null, null, null, part]))).toEqual([23_34, 23_33, 23_33, 40_00]);
  });
});

describe('for random carts, splits, payments and later edits', () => {
  const weights = fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }).filter((parts) => sum(parts) > 0);
  const plans = (cart: PricedCart): fc.Arbitrary<SplitPlan> => {
    const parts = fc.dictionary(fc.constantFrom(...cart.lines.map(({ id }) => id), 'line-9'), weights, { maxKeys: 4 });
    return fc.oneof(
      fc.integer({ min: 1, max: 4 }).map(evenly),
      parts.map((own): SplitPlan => ({ by: 'items', ways: 3, parts: own })),
      fc
        .record({ shared: fc.constantFrom('pro_rata' as const, 'evenly' as const), parts })
        .map((more): SplitPlan => ({ by: 'seats', seats: [[1], [2], [3]], ...more })),
      fc
        .array(fc.nat(Math.max(1, Math.floor(cart.totals.total / 2))), { minLength: 1, maxLength: 3 })
        .map((amounts): SplitPlan => ({ by: 'amounts', amounts })),
    );
  };
  const priced = anyCart()
    .map((cart) => ({ cart, now: priceOf(cart) }))
    .filter(({ now }) => now !== undefined) as fc.Arbitrary<{ cart: Cart; now: PricedCart }>;
  const cases = priced.chain(({ cart, now }) =>
    fc.record({
      before: fc.constant(now),
      // Something is voided, and something else costs more.
      after: fc.record({ gone: fc.nat(4), more: fc.integer({ min: 1, max: 3 }) }).map(({ gone, more }) => ({
        ...cart,
        lines: cart.lines.filter((_, at) => at !== gone).map((line) => ({ ...line, quantity: line.quantity * more })),
      })),
      plan: plans(now),
      paid: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      part: fc.option(fc.nat(100)),
    }),
  );

  test('Σ shares = the whole in every amount, every share is at least 0, and what is paid is frozen', () => {
    let frozen = 0;
    fc.assert(
      fc.property(cases, ({ before, after, plan, paid: who, part }) => {
        const [whole] = divideOver(before, evenly(1), [null]);
        const deposit =
          part === null ? [] : [partOfShare(whole as Share, Math.floor(((whole?.total ?? 0) * part) / 100))];
        const first = divideOver(before, plan, [...nobody(waysOf(plan)), ...deposit]);
        expectWhole(first, before);
        deposit.forEach(({ total }) => expect(first.at(-1)?.total).toBe(total));
        const now = priceOf(after);
        if (!now) return;
        const kept = first.map((share, at) => (who[at] || at >= waysOf(plan) ? share : null));
        const second = divideOver(now, plan, kept, before);
        expectWhole(second, now);
        if (plan.by === 'items' || plan.by === 'seats' || kept.every((share) => share !== null)) return;
        const taken = (of: (share: Share) => number) => sum(kept.map((share) => (share ? of(share) : 0)));
        const carries = now.taxes.every(({ id, amount }) => taken((s) => taxOf(s, id)) <= amount);
        const gone = before.taxes.some(
          ({ id }) => !now.taxes.some((t) => t.id === id) && taken((s) => taxOf(s, id)) > 0,
        );
        if (!carries || gone || taken((s) => s.net) > now.totals.net) return;
        if (taken((s) => s.serviceCharge) > now.totals.serviceCharge) return;
        const open = kept.slice(0, waysOf(plan)).some((share) => share === null);
        if (!open) return;
        frozen += 1;
        kept.forEach((share, at) => {
          if (share) expect(second[at]).toMatchObject({ total: share.total, tax: share.tax, net: share.net });
        });
      }),
      { numRuns: 2_000 },
    );
    expect(frozen).toBeGreaterThan(200);
  });

  test('dividing again what has not changed changes nothing, whoever has paid', () => {
    fc.assert(
      fc.property(cases, ({ before, plan, paid: who }) => {
        const first = divideOver(before, plan, nobody(waysOf(plan)));
        const second = divideOver(
          before,
          plan,
          first.map((share, at) => (who[at] ? share : null)),
        );
        first.forEach((share, at) => {
          if (who[at]) expect(second[at]?.total).toBe(share.total);
        });
        expectWhole(second, before);
      }),
      { numRuns: 1_000 },
    );
  });
});

const taxOf = ({ taxes }: Share, wanted: string): number =>
  sum(taxes.filter(({ id }) => id === wanted).map(({ amount }) => amount));

function priceOf(cart: Cart): PricedCart | undefined {
  try {
    return price(cart);
  } catch (error) {
    if (error instanceof PricingError) return undefined;
    throw error;
  }
}

function expectWhole(shares: readonly Division[], { totals: whole, taxes }: PricedCart): void {
  for (const key of ['gross', 'discount', 'net', 'serviceCharge', 'tax', 'total'] as const)
    expect(sum(shares.map((share) => share[key])), key).toBe(whole[key]);
  for (const { id, amount } of taxes) expect(sum(shares.map((share) => taxOf(share, id)))).toBe(amount);
  for (const { net, serviceCharge, tax, total, taxes: own, of } of shares) {
    expect(Math.min(net, serviceCharge, tax, total, ...own.map(({ amount }) => amount))).toBeGreaterThanOrEqual(0);
    expect(total).toBe(net + serviceCharge + tax);
    expect(sum(of.map(({ amount }) => amount))).toBe(total);
    for (const part of of) expect(part.amount).toBeGreaterThanOrEqual(0);
  }
}
