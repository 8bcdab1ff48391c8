import type {
  AppliedCharge,
  AppliedDiscount,
  AppliedTax,
  LineModifier,
  LinesReturned,
  OrderFacts,
  OrderLine,
  ReturnedLine,
  Texts,
} from '@comanda/contracts';
import { allocate } from '@comanda/money';
import { given } from '@comanda/platform';

/** A part of what an order comes to. Its lines and charges sum to its totals; what went back is below zero. */
export interface SalePart {
  readonly position: number;
  readonly kind: 'line' | 'charge' | 'void' | 'return' | 'waiver';
  /** Of the order; of a void, a return and a waiver, its own. */
  readonly businessDate: string;
  readonly occurredAt: string;
  readonly lineId: string | null;
  /** A service charge stands for itself, like an item. */
  readonly itemId: string;
  readonly variationId: string | null;
  readonly categoryId: string | null;
  readonly itemName: Texts | string;
  readonly variationName: Texts | null;
  readonly quantity: number;
  /** Before discounts; of a void, what the guest would have paid without any. */
  readonly gross: number;
  readonly discount: number;
  readonly net: number;
  readonly charge: number;
  readonly tax: number;
  readonly total: number;
  readonly taxes: readonly PartTax[];
  readonly discounts: readonly PartDiscount[];
  /** Which service charges its `charge` is of. */
  readonly charges: readonly PartCharge[];
  readonly reason: string | null;
  /** Whoever did it, or the credential where nobody was named. */
  readonly voidedBy: string | null;
  readonly approvedBy: string | null;
  readonly sent: boolean | null;
}

interface PartCharge {
  readonly chargeId: string;
  readonly name: string;
  readonly amount: number;
  readonly waived: number;
}

interface PartDiscount {
  readonly name: string;
  readonly amount: number;
  /** What it comes from: a coupon, a reward, or somebody's hand. */
  readonly source: string;
  readonly kind?: string;
  readonly reason?: string;
  readonly grantedBy?: string;
  readonly approvedBy?: string;
}

interface PartTax {
  readonly taxId: string;
  readonly name: string;
  readonly rate: number;
  readonly amount: number;
}

/** Takes an order apart: its lines, its service charges, what was voided or waived and what went back of it, in whole minor units. */
export function partsOf(order: OrderFacts): SalePart[] {
  const parts = order.checks.flatMap(({ lines, charges }) => [
    ...lines.map((line) => (line.voided ? voidOf(line, line.voided) : lineOf(line, order))),
    ...charges.map((charge) => (charge.waived ? waiverOf(charge, charge.waived) : chargeOf(charge, order))),
  ]);
  const chargesOf = chargesBack(order);
  const returned = (order.returns ?? []).flatMap((each) => returnOf(each, order, chargesOf));
  return [...parts, ...returned].map((part, position) => ({ position, ...part }));
}

type Part = Omit<SalePart, 'position'>;

const NOTHING = {
  quantity: 0,
  gross: 0,
  discount: 0,
  net: 0,
  charge: 0,
  tax: 0,
  total: 0,
  taxes: [],
  discounts: [],
  charges: [],
};
const NOT_VOIDED = { reason: null, voidedBy: null, approvedBy: null, sent: null };

/** A line counts in the hour in which it was ordered, on the business day of its order. */
function lineOf(line: OrderLine, { businessDate }: OrderFacts): Part {
  return {
    ...NOT_VOIDED,
    kind: 'line',
    businessDate,
    occurredAt: line.orderedAt,
    ...whatOf(line),
    quantity: line.quantity,
    gross: line.gross.amount,
    discount: sum(line.discounts.map(({ amount }) => amount.amount)),
    net: line.net.amount,
    charge: 0,
    tax: sum(line.taxes.map(({ amount }) => amount.amount)),
    total: line.total.amount,
    taxes: line.taxes.map(toPartTax),
    discounts: line.discounts.map(toPartDiscount),
    charges: [],
  };
}

function chargeOf({ id, name, amount, taxes }: AppliedCharge, { businessDate, occurredAt }: OrderFacts): Part {
  const tax = sum(taxes.map((each) => each.amount.amount));
  return {
    ...NOTHING,
    ...NOT_VOIDED,
    kind: 'charge',
    businessDate,
    occurredAt,
    lineId: null,
    itemId: id,
    variationId: null,
    categoryId: null,
    itemName: name,
    variationName: null,
    charge: amount.amount,
    tax,
    total: amount.amount + tax,
    taxes: taxes.map(toPartTax),
    charges: [{ chargeId: id, name, amount: amount.amount, waived: 0 }],
  };
}

/** A waived service charge comes to nothing; what the guests were let off is told by what it then came to. */
function waiverOf({ id, name }: AppliedCharge, waived: NonNullable<AppliedCharge['waived']>): Part {
  const { reason, by, at, businessDate, amount, staffId, approverId } = waived;
  return {
    ...NOTHING,
    kind: 'waiver',
    businessDate,
    occurredAt: at,
    lineId: null,
    itemId: id,
    variationId: null,
    categoryId: null,
    itemName: name,
    variationName: null,
    charges: [{ chargeId: id, name, amount: 0, waived: amount.amount }],
    reason,
    voidedBy: staffId ?? by,
    approvedBy: approverId ?? null,
    sent: null,
  };
}

/** A voided line comes to nothing; what it would have come to is told by its price, its modifiers and its quantity. */
function voidOf(line: OrderLine, voided: NonNullable<OrderLine['voided']>): Part {
  const { reason, by, at, businessDate, sent, staffId, approverId } = voided;
  const value = line.quantity * (line.unitPrice.amount + ofModifiers(line.modifiers));
  return {
    ...NOTHING,
    kind: 'void',
    businessDate,
    occurredAt: at,
    ...whatOf(line),
    quantity: line.quantity,
    gross: value,
    reason,
    voidedBy: staffId ?? by,
    approvedBy: approverId ?? null,
    sent,
  };
}

/** What went back of each line, with its part of the service charges: a sale the other way, on the day of the return. */
function returnOf(
  { lines, reason, by, occurredAt, businessDate, staffId, approverId }: LinesReturned,
  order: OrderFacts,
  chargesOf: ReadonlyMap<ReturnedLine, readonly PartCharge[]>,
): Part[] {
  const known = new Map(order.checks.flatMap((check) => check.lines.map((line) => [line.id, line])));
  return lines.flatMap((back) => {
    const line = known.get(back.lineId);
    if (!line) return [];
    return {
      kind: 'return',
      businessDate,
      occurredAt,
      ...whatOf(line),
      quantity: -back.quantity,
      gross: less(back.gross.amount),
      discount: less(sum(back.discounts.map(({ amount }) => amount.amount))),
      net: less(back.net.amount),
      charge: less(back.serviceCharge.amount),
      tax: less(sum(back.taxes.map(({ amount }) => amount.amount))),
      total: less(back.total.amount),
      taxes: back.taxes.map(toPartTax).map((tax) => ({ ...tax, amount: less(tax.amount) })),
      discounts: back.discounts.map(toPartDiscount).map((taken) => ({ ...taken, amount: less(taken.amount) })),
      charges: chargesOf.get(back) ?? [],
      reason,
      voidedBy: staffId ?? by,
      approvedBy: approverId ?? null,
      sent: null,
    };
  });
}

/**
 * Which service charges went back with each returned line, in proportion to what they came to. Each part is what is back of a
 * charge after the line less what was before it, so that what goes back of everything is all of each charge.
 */
function chargesBack({ checks, returns = [] }: OrderFacts): Map<ReturnedLine, PartCharge[]> {
  const charges = checks.flatMap((check) => check.charges).filter(({ amount }) => amount.amount > 0);
  const backOf = (amount: number): number[] =>
    charges.length > 0
      ? allocate(
          amount,
          charges.map((charge) => charge.amount.amount),
        )
      : [];
  let back = 0;
  const parts = returns.flatMap(({ lines }) =>
    lines.map((line): [ReturnedLine, PartCharge[]] => {
      const before = backOf(back);
      back += line.serviceCharge.amount;
      const shares = backOf(back).map((amount, at) => amount - (before[at] ?? 0));
      const own = charges.map(({ id, name }, at) => ({ chargeId: id, name, amount: less(shares[at] ?? 0), waived: 0 }));
      return [line, own.filter(({ amount }) => amount !== 0)];
    }),
  );
  return new Map(parts);
}

/** The other way round; of nothing, nothing. */
const less = (amount: number): number => 0 - amount;

const whatOf = ({ id, itemId, variationId, categoryId, name, variationName }: OrderLine) => ({
  lineId: id,
  itemId,
  variationId,
  categoryId,
  itemName: name,
  variationName,
});

const ofModifiers = (modifiers: readonly LineModifier[]): number =>
  sum(modifiers.map(({ quantity, unitPrice, modifiers: below }) => quantity * (unitPrice.amount + ofModifiers(below))));

const toPartDiscount = ({
  name,
  amount,
  source,
  kind,
  reason,
  staffId,
  approverId,
}: AppliedDiscount): PartDiscount => ({
  name,
  amount: amount.amount,
  source: source?.kind ?? (kind === 'comp' ? 'comp' : 'manual'),
  ...given({ kind, reason, grantedBy: staffId, approvedBy: approverId }),
});

const toPartTax = ({ taxId, name, rate, amount: { amount } }: AppliedTax): PartTax => ({ taxId, name, rate, amount });

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
