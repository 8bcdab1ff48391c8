import {
  type AppliedCharge,
  type AppliedDiscount,
  type AppliedTax,
  type ChargeWaiver,
  type Check,
  type Grant,
  MAX_AMOUNT,
  type OrderFacts,
  type OrderLine,
  type Totals,
} from '@comanda/contracts';
import { money, type Money } from '@comanda/money';
import { given, Refusal } from '@comanda/platform';
import {
  discountsOf,
  type GrantedDiscounts,
  type GrantedLine,
  type Line,
  type Modifier,
  price,
  type PricedLine,
  type PricedServiceCharge,
  type PricedTax,
  PricingError,
  wallClock,
} from '@comanda/pricing';
import type { MenuIndex } from '../menus/menu-index.js';
import type { Terms } from '../orders/order.js';
import { byHand, grantsOf, type OrderDiscount, pricedAs } from './discounts.js';
import type { BasisLine, PickedLine } from './picked-line.js';

/** Everything that what a check comes to depends on. */
export interface Basis {
  /** The order's: its tax rules and service charges. */
  readonly menu: MenuIndex;
  readonly serviceType: OrderFacts['serviceType'];
  readonly covers: number | null;
  readonly lines: readonly BasisLine[];
  readonly discounts: readonly OrderDiscount[];
  /** The service charges that the guests were let off, by id. */
  readonly waivers?: Terms['waivers'];
}

/** What a check comes to. */
export type PricedCheck = Pick<Check, 'lines' | 'discounts' | 'charges' | 'totals'>;

/**
 * Prices a check: the one way from a menu to a total, for quotes, new orders and every later change, so that equal
 * requests always cost the same. Voided lines and waived service charges stay and come to nothing.
 * @throws Refusal `amount_too_large`, `price_below_zero`, `id_taken`
 */
export function priceCheck(basis: Basis): PricedCheck {
  const { menu, lines, waivers = {} } = basis;
  requireOwnIds(basis);
  const sold = lines.filter(({ line }) => line.status !== 'voided');
  const granted = grantsOf(basis.discounts).length > 0 ? grantedDiscounts(basis) : NO_GRANTS;
  const priced = priceOrRefuse({
    currency: menu.currency,
    policy: menu.policy,
    serviceType: basis.serviceType,
    covers: basis.covers ?? 0,
    lines: sold.map((each) => {
      const line = toPrice(each);
      const more = granted.ofLines.get(line.id);
      return more ? { ...line, discounts: [...line.discounts, ...more] } : line;
    }),
    discounts: [...byHand(basis.discounts).map(pricedAs), ...granted.ofOrder],
    serviceCharges: menu.serviceCharges
      .filter(
        ({ described: { id, serviceTypes } }) =>
          !(id in waivers) && (serviceTypes?.includes(basis.serviceType) ?? true),
      )
      .map(({ charge }) => charge),
  });
  const answer = answerIn(basis);
  const byLine = new Map(priced.lines.map((line) => [line.id, line]));
  return {
    lines: lines.map(({ line }) => answer.line(line, byLine.get(line.id) ?? NOTHING)),
    discounts: [...priced.discounts, ...grantsBesides(priced, basis.discounts)].map(answer.discount),
    charges: [...priced.serviceCharges.map(answer.charge), ...Object.entries(waivers).map(answer.waived)],
    totals: answer.totals(priced.totals),
  };
}

/** What the coupons and rewards of a check come to, as discounts of its lines and of the whole. */
export function grantedDiscounts({ menu, serviceType, lines, discounts }: Basis): GrantedDiscounts {
  const sold = lines.filter(({ line }) => line.status !== 'voided');
  return discountsOf(
    grantsOf(discounts).map(({ grant }) => rulesOf(grant)),
    {
      currency: menu.currency,
      locationId: menu.locationId,
      serviceType,
      lines: sold.map((each): GrantedLine => ({
        line: toPrice(each),
        itemId: each.line.itemId,
        categoryId: each.line.categoryId,
        clock: wallClock(new Date(each.line.orderedAt), menu.timeZone),
      })),
    },
  );
}

const rulesOf = ({ id, priority, group, gives, conditions }: Grant) => ({ id, priority, group, gives, conditions });

/** What coupons and rewards took that are not off the whole order: off certain lines, or nothing at all. */
function grantsBesides({ lines, discounts }: ReturnType<typeof price>, asked: readonly OrderDiscount[]) {
  const told = new Set(discounts.map(({ id }) => id));
  return asked
    .filter(({ id, kind }) => kind === 'grant' && !told.has(id))
    .map(({ id }) => ({
      id,
      amount: lines
        .flatMap((line) => line.discounts)
        .reduce((sum, each) => (each.id === id ? sum + each.amount : sum), 0),
    }));
}

const NO_GRANTS: Pick<GrantedDiscounts, 'ofLines' | 'ofOrder'> = { ofLines: new Map(), ofOrder: [] };

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
  discounts: discounts.map(pricedAs),
  seat: line.seat,
  serviceType: line.serviceType,
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
  const asked = new Map([...discounts, ...lines.flatMap((line) => line.discounts)].map((each) => [each.id, each]));

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
    name: asked.get(id)?.name ?? '',
    amount: inCurrency(amount),
    ...sourceOf(asked.get(id)),
  });
  const chargeNamed = (id: string, net: number): Pick<AppliedCharge, 'id' | 'name' | 'amount'> => ({
    id,
    name: menu.serviceCharges.find(({ described }) => described.id === id)?.described.name ?? '',
    amount: inCurrency(net),
  });
  const charge = ({ id, net, taxes: charged }: PricedServiceCharge): AppliedCharge => ({
    ...chargeNamed(id, net),
    taxes: taxes(charged),
  });
  const waived = ([id, waiver]: [string, ChargeWaiver]): AppliedCharge => ({
    ...chargeNamed(id, 0),
    taxes: [],
    waived: waiver,
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
  return { line, discount, charge, waived, totals };
}

/** Whether somebody gave it, and who, or what else it comes from. */
function sourceOf(discount: OrderDiscount | undefined): Partial<AppliedDiscount> {
  if (discount === undefined) return {};
  if (discount.kind === 'grant') return { source: discount.grant.source };
  const { kind, reason, staffId, approverId } = discount;
  return given({ kind, reason, staffId, approverId });
}
