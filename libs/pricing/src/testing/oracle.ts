import type { Cart, Discount, Line, Modifier, ServiceCharge, Tax } from '../cart.js';
import { Fraction } from './fraction.js';

/**
 * The same totals by another road: exact fractions throughout, the formulas written down as the rules state them, no code
 * and no shortcut of the engine. Slow on purpose. It answers with the amounts that have to agree.
 */
export function expectedOf(cart: Cart): Expected {
  const parts = cart.lines.map((line) => partsOf(line, line.taxes));
  const gross = parts.map((mine) => mine.map(({ price }) => price));

  // Line discounts, then order discounts, each given by what has something left.
  const left = parts.map((mine, at) => {
    const prices = mine.map(({ price }) => price);
    const off = discountAmounts(total(prices), cart.lines[at]!.discounts);
    return minusEach(prices, handOut(total(off), prices));
  });
  const orderOff = discountAmounts(total(left.flat()), cart.discounts);
  const given = left.map(() => zero);
  for (const amount of orderOff) {
    const room = left.map((mine, at) => total(mine).minus(given[at]!));
    handOut(amount, room).forEach((each, at) => (given[at] = given[at]!.plus(each)));
  }
  const listed = left.map((mine, at) => minusEach(mine, handOut(given[at]!, mine)));
  const discount = total(gross.flat()).minus(total(listed.flat()));

  // Subtotal charges, the taxes of lines and charges as one document, then total charges and their taxes.
  const charges =
    cart.lines.length === 0
      ? []
      : cart.serviceCharges.filter(
          (each) => cart.covers >= each.minimumCovers && !(cart.covers === 0 && 'per' in each && each.per === 'cover'),
        );
  const early = charges.filter(({ phase }) => phase === 'subtotal');
  const late = charges.filter(({ phase }) => phase === 'total');
  const items = parts.flatMap((mine, at) => mine.map(({ taxes }, which) => ({ price: listed[at]![which]!, taxes })));
  const first = taxed(cart, [
    ...items,
    ...early.map((each) => ({ price: charge(each, total(listed.flat()), discount, cart), taxes: each.taxes })),
  ]);
  const owed = total(first.map((each) => each.total));
  const second = taxed(
    cart,
    late.map((each) => ({ price: charge(each, owed, discount, cart), taxes: each.taxes })),
  );

  const flat = first.map(numbers);
  let next = 0;
  return {
    lines: parts.map((mine, at) => ({
      gross: total(gross[at]!).toNumber(),
      discount: total(gross[at]!).minus(total(listed[at]!)).toNumber(),
      components: mine.map(() => flat[next++]!),
    })),
    serviceCharges: [...flat.slice(items.length), ...second.map(numbers)],
    discounts: orderOff.map((amount) => amount.toNumber()),
    gross: total(gross.flat()).toNumber(),
    total: owed.plus(total(second.map((each) => each.total))).toNumber(),
  };
}

export type ExpectedTaxed = { net: number; total: number; taxes: Record<string, number> };

export type Expected = {
  lines: { gross: number; discount: number; components: ExpectedTaxed[] }[];
  serviceCharges: ExpectedTaxed[];
  discounts: number[];
  gross: number;
  total: number;
};

type Taxable = { price: Fraction; taxes: readonly Tax[] };
type TaxedExactly = { net: Fraction; total: Fraction; taxes: Map<string, Fraction> };

const zero = Fraction.of(0);
const one = Fraction.of(1);

/** The item and its modifiers, those with taxes of their own apart. */
function partsOf(line: Line, taxes: readonly Tax[]): Taxable[] {
  const extended = (price: number, times: number): Fraction =>
    Fraction.of(price)
      .times(Fraction.of(times, line.per ?? 1))
      .rounded('half-up');
  const parts: Taxable[] = [{ price: extended(line.unitPrice, line.quantity), taxes }];
  const walk = (modifiers: readonly Modifier[], times: number, owner: number): void => {
    for (const modifier of modifiers) {
      const many = times * modifier.quantity;
      const price = extended(modifier.unitPrice, many);
      const mine = modifier.taxes === null ? owner : parts.push({ price: zero, taxes: modifier.taxes }) - 1;
      parts[mine]!.price = parts[mine]!.price.plus(price);
      walk(modifier.modifiers, many, mine);
    }
  };
  walk(line.modifiers, line.quantity, 0);
  return parts;
}

function discountAmounts(price: Fraction, discounts: readonly Discount[]): Fraction[] {
  let left = price;
  const take = (wanted: Fraction): Fraction => {
    const taken = wanted.isBelow(left) ? wanted : left;
    left = left.minus(taken);
    return taken;
  };
  const percents = discounts.flatMap((each) => (each.kind === 'percent' ? [each.rate] : []));
  const fixed = discounts.flatMap((each) => (each.kind === 'fixed' ? [each.amount] : []));
  return [
    ...percents.map((rate) => take(left.times(rateOf(rate)).rounded('half-up'))),
    ...fixed.map((amount) => take(Fraction.of(amount))),
  ];
}

function charge(rule: ServiceCharge, owed: Fraction, discount: Fraction, { covers }: Cart): Fraction {
  if (rule.kind === 'fixed') return Fraction.of(rule.amount).times(Fraction.of(rule.per === 'cover' ? covers : 1));
  const base = rule.base === 'pre_discount' ? owed.plus(discount) : owed;
  return base.times(rateOf(rule.rate)).rounded('half-up');
}

/** Everyone gets the whole part of what is exact; what remains goes one by one to the largest fraction not yet served. */
function handOut(amount: Fraction, weights: readonly Fraction[]): Fraction[] {
  const all = total(weights);
  if (all.equals(zero)) return weights.map(() => zero);
  const exact = weights.map((weight) => amount.times(weight).over(all));
  const shares = exact.map((each) => each.floor());
  const waiting = new Set(weights.keys());
  for (let left = amount.minus(total(shares)); zero.isBelow(left); left = left.minus(one)) {
    let best = -1;
    for (const at of waiting) {
      const fraction = exact[at]!.minus(exact[at]!.floor());
      if (best < 0 || exact[best]!.minus(exact[best]!.floor()).isBelow(fraction)) best = at;
    }
    waiting.delete(best);
    shares[best] = shares[best]!.plus(one);
  }
  return shares;
}

function taxed(cart: Cart, items: readonly Taxable[]): TaxedExactly[] {
  const applying = items.map(({ price, taxes }) => {
    const mine = taxes.filter((tax) => tax.serviceTypes === undefined || tax.serviceTypes.includes(cart.serviceType));
    return { price, taxes: [...mine.filter((tax) => tax.inclusive), ...mine.filter((tax) => !tax.inclusive)] };
  });
  if (cart.policy.roundingLevel === 'document') return taxedAsDocument(cart, applying);
  return applying.map((item) => taxedAlone(cart, item));
}

function taxedAlone(cart: Cart, item: Taxable): TaxedExactly {
  const { policy } = cart;
  const inside = item.taxes.filter((tax) => tax.inclusive);
  const amounts = new Map<string, Fraction>();
  if (policy.inclusiveTarget === 'net' && inside.length > 0) {
    const sizes = exactTaxes({ price: item.price, taxes: inside });
    const bare = item.price
      .minus(total(sizes))
      .rounded(inside[0]!.roundingMode ?? policy.roundingMode, Fraction.of(policy.step));
    const rest = item.price.isBelow(bare) || total(sizes).equals(zero) ? zero : item.price.minus(bare);
    handOut(rest, sizes).forEach((amount, at) => amounts.set(inside[at]!.id, amount));
  } else {
    let left = item.price;
    exactTaxes({ price: item.price, taxes: inside }).forEach((exact, at) => {
      const amount = least(roundTax(cart, inside[at]!, exact), left);
      left = left.minus(amount);
      amounts.set(inside[at]!.id, amount);
    });
  }
  const net = item.price.minus(total([...amounts.values()]));
  const joined: Fraction[] = inside.filter((tax) => tax.joinsBase).map((tax) => amounts.get(tax.id)!);
  for (const tax of item.taxes.filter((each) => !each.inclusive)) {
    const base = tax.compoundsOnPrevious ? net.plus(total(joined)) : net;
    const amount = roundTax(cart, tax, base.times(rateOf(tax.rate)));
    amounts.set(tax.id, amount);
    if (tax.joinsBase) joined.push(amount);
  }
  return { net, taxes: amounts, total: net.plus(total([...amounts.values()])) };
}

function taxedAsDocument(cart: Cart, items: readonly Taxable[]): TaxedExactly[] {
  const amounts = items.map(() => new Map<string, Fraction>());
  const room = items.map(({ price }) => price);
  const takeInclusive = (id: string, wanted: Fraction, who: readonly number[], weights: readonly Fraction[]): void => {
    const amount = least(wanted, total(who.map((at) => room[at]!)));
    const shares = handOut(amount, weights).map((each, at) => least(each, room[who[at]!]!));
    const roomLeft = shares.map((each, at) => room[who[at]!]!.minus(each));
    const more = handOut(amount.minus(total(shares)), roomLeft);
    who.forEach((at, index) => {
      const mine = shares[index]!.plus(more[index] ?? zero);
      room[at] = room[at]!.minus(mine);
      amounts[at]!.set(id, mine);
    });
  };

  if (cart.policy.inclusiveTarget === 'net') {
    const groups = new Map<string, number[]>();
    items.forEach(({ taxes }, at) => {
      const key = taxes
        .filter((tax) => tax.inclusive)
        .map(({ id }) => id)
        .join(' ');
      groups.set(key, [...(groups.get(key) ?? []), at]);
    });
    for (const who of groups.values()) {
      const taxes = items[who[0]!]!.taxes.filter((tax) => tax.inclusive);
      const alone = taxedAlone(cart, { price: total(who.map((at) => items[at]!.price)), taxes });
      const weights = who.map((at) => items[at]!.price);
      for (const { id } of taxes) takeInclusive(id, alone.taxes.get(id)!, who, weights);
    }
  }
  const ids = new Map(items.flatMap(({ taxes }) => taxes.map((tax) => [tax.id, tax] as const)));
  for (const [id, tax] of ids) {
    if (tax.inclusive && cart.policy.inclusiveTarget === 'net') continue;
    const who = [...items.keys()].filter((at) => items[at]!.taxes.some((each) => each.id === id));
    const exact = who.map((at) => exactTaxes(items[at]!)[items[at]!.taxes.findIndex((each) => each.id === id)]!);
    const amount = roundTax(cart, tax, total(exact));
    if (tax.inclusive) takeInclusive(id, amount, who, exact);
    else handOut(amount, exact).forEach((each, at) => amounts[who[at]!]!.set(id, each));
  }
  return items.map(({ price, taxes }, at) => {
    const mine = new Map(taxes.map((tax) => [tax.id, amounts[at]!.get(tax.id)!]));
    const inside = total(taxes.filter((tax) => tax.inclusive).map((tax) => mine.get(tax.id)!));
    const net = price.minus(inside);
    return { net, taxes: mine, total: net.plus(total([...mine.values()])) };
  });
}

/** The unrounded taxes in and on a price: on a bare price of 1 first, then stretched to what was really paid. */
function exactTaxes({ price, taxes }: Taxable): Fraction[] {
  let joined = zero;
  const onOne = taxes.map((tax) => {
    const size = rateOf(tax.rate).times(tax.compoundsOnPrevious ? one.plus(joined) : one);
    if (tax.joinsBase) joined = joined.plus(size);
    return size;
  });
  const bare = price.over(one.plus(total(onOne.filter((_, at) => taxes[at]!.inclusive))));
  return onOne.map((size) => bare.times(size));
}

function roundTax({ policy }: Cart, tax: Tax, exact: Fraction): Fraction {
  return exact.rounded(tax.roundingMode ?? policy.roundingMode, Fraction.of(policy.step));
}

function rateOf(ppm: number): Fraction {
  return Fraction.of(ppm, 1_000_000);
}

function least(a: Fraction, b: Fraction): Fraction {
  return a.isBelow(b) ? a : b;
}

function minusEach(from: readonly Fraction[], what: readonly Fraction[]): Fraction[] {
  return from.map((each, at) => each.minus(what[at] ?? zero));
}

function numbers({ net, total: whole, taxes }: TaxedExactly): ExpectedTaxed {
  const amounts = [...taxes].map(([id, amount]) => [id, amount.toNumber()] as const);
  return { net: net.toNumber(), total: whole.toNumber(), taxes: Object.fromEntries(amounts) };
}

function total(fractions: readonly Fraction[]): Fraction {
  return fractions.reduce((sum, each) => sum.plus(each), zero);
}
