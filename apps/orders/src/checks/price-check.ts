import {
  type AppliedCharge,
  type AppliedDiscount,
  type AppliedTax,
  type Check,
  MAX_AMOUNT,
  type OrderFacts,
  type OrderLine,
  type Totals,
} from '@comanda/contracts';
import { money, type Money } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import {
  type Line,
  type Modifier,
  price,
  type PricedLine,
  type PricedServiceCharge,
  type PricedTax,
  PricingError,
} from '@comanda/pricing';
import type { MenuIndex } from '../menus/menu-index.js';
import type { Discount } from './discounts.js';
import type { BasisLine, PickedLine } from './picked-line.js';

/** Everything that what a check comes to depends on. */
export interface Basis {
  /** The order's: its tax rules and service charges. */
  readonly menu: MenuIndex;
  readonly serviceType: OrderFacts['serviceType'];
  readonly covers: number | null;
  readonly lines: readonly BasisLine[];
  readonly discounts: readonly Discount[];
}

/** What a check comes to. */
export type PricedCheck = Pick<Check, 'lines' | 'discounts' | 'charges' | 'totals'>;

/**
 * Prices a check: the one way from a menu to a total, for quotes, new orders and every later change, so that equal
 * requests always cost the same. Voided lines stay and come to nothing.
 * @throws Refusal `amount_too_large`, `price_below_zero`, `id_taken`
 */
export function priceCheck(basis: Basis): PricedCheck {
  const { menu, lines } = basis;
  requireOwnIds(basis);
  const sold = lines.filter(({ line }) => line.status !== 'voided');
  const priced = priceOrRefuse({
    currency: menu.currency,
    policy: menu.policy,
    serviceType: basis.serviceType,
    covers: basis.covers ?? 0,
    lines: sold.map(toPrice),
    discounts: basis.discounts,
    serviceCharges: menu.serviceCharges
      .filter(({ described }) => described.serviceTypes?.includes(basis.serviceType) ?? true)
      .map(({ charge }) => charge),
  });
  const answer = answerIn(basis);
  const byLine = new Map(priced.lines.map((line) => [line.id, line]));
  return {
    lines: lines.map(({ line }) => answer.line(line, byLine.get(line.id) ?? NOTHING)),
    discounts: priced.discounts.map(answer.discount),
    charges: priced.serviceCharges.map(answer.charge),
    totals: answer.totals(priced.totals),
  };
}

const NOTHING: Pick<PricedLine, 'gross' | 'discounts' | 'orderDiscounts' | 'net' | 'taxes' | 'total'> = {
  gross: 0,
  discounts: [],
  orderDiscounts: [],
  net: 0,
  taxes: [],
  total: 0,
};

/**
 * Lines, and discounts wherever they are, go by their ids: two with one id could not be told apart. The lines of a combo
 * share its discounts.
 */
function requireOwnIds({ lines, discounts }: Basis): void {
  const shared = new Set<string>();
  const ofLines = lines.flatMap(({ line, discounts: own }) =>
    own.flatMap(({ id }) => {
      if (!line.combo) return [id];
      const isKnown = shared.size === shared.add(`${line.combo.id} ${id}`).size;
      return isKnown ? [] : [id];
    }),
  );
  const ids = [...lines.map(({ line }) => line.id), ...discounts.map(({ id }) => id), ...ofLines];
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice) throw new Refusal('id_taken', `The id ${twice} is used twice in one check.`);
}

const toPrice = ({ line, menu, discounts }: BasisLine): Line => ({
  id: line.id,
  quantity: line.quantity,
  unitPrice: line.unitPrice.amount,
  modifiers: line.modifiers.map((modifier) => toModifier(modifier, menu)),
  taxes: menu.offers.get(line.variationId)?.taxes ?? [],
  discounts,
  seat: line.seat,
});

const toModifier = (modifier: PickedLine['modifiers'][number], menu: MenuIndex): Modifier => ({
  id: modifier.id,
  quantity: modifier.quantity,
  unitPrice: modifier.unitPrice.amount,
  taxes: menu.choices.get(modifier.modifierId)?.taxes ?? null,
  modifiers: modifier.modifiers.map((below) => toModifier(below, menu)),
});

function priceOrRefuse(cart: Parameters<typeof price>[0]): ReturnType<typeof price> {
  try {
    const priced = price(cart);
    if (Math.max(priced.totals.gross, priced.totals.total) > MAX_AMOUNT) throw tooLarge();
    return priced;
  } catch (error) {
    if (!(error instanceof PricingError)) throw error;
    if (error.code === 'amount_too_large') throw tooLarge(error);
    if (error.code === 'price_invalid')
      throw new Refusal(
        'price_below_zero',
        'What was chosen makes a line cost less than nothing.',
        {},
        { cause: error },
      );
    throw error;
  }
}

const tooLarge = (cause?: unknown): Refusal =>
  new Refusal('amount_too_large', 'The amounts exceed what can be handled.', {}, { cause });

/** Says in the words of the contract what pricing worked out. */
function answerIn({ menu, lines, discounts }: Basis) {
  const inCurrency = (amount: number): Money => money(amount, menu.currency);
  const menus = new Set([menu, ...lines.map((line) => line.menu)]);
  const names = new Map([...discounts, ...lines.flatMap((line) => line.discounts)].map(({ id, name }) => [id, name]));

  const taxes = (priced: readonly PricedTax[]): AppliedTax[] =>
    priced.flatMap(({ id, amount }) => {
      const tax = menus
        .values()
        .map((each) => each.taxes.get(id))
        .find((found) => found !== undefined);
      return tax
        ? { taxId: tax.id, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, amount: inCurrency(amount) }
        : [];
    });
  const discount = ({ id, amount }: { id: string; amount: number }): AppliedDiscount => ({
    id,
    name: names.get(id) ?? '',
    amount: inCurrency(amount),
  });
  const charge = ({ id, net, taxes: charged }: PricedServiceCharge): AppliedCharge => ({
    id,
    name: menu.serviceCharges.find(({ described }) => described.id === id)?.described.name ?? '',
    amount: inCurrency(net),
    taxes: taxes(charged),
  });
  const line = (picked: PickedLine, priced: typeof NOTHING): OrderLine => ({
    ...picked,
    gross: inCurrency(priced.gross),
    discounts: [...priced.discounts, ...priced.orderDiscounts].map(discount),
    net: inCurrency(priced.net),
    taxes: taxes(priced.taxes),
    total: inCurrency(priced.total),
  });
  const totals = (priced: ReturnType<typeof price>['totals']): Totals => ({
    gross: inCurrency(priced.gross),
    discount: inCurrency(priced.discount),
    net: inCurrency(priced.net),
    serviceCharge: inCurrency(priced.serviceCharge),
    tax: inCurrency(priced.tax),
    total: inCurrency(priced.total),
  });
  return { line, discount, charge, totals };
}
