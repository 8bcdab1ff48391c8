import type {
  AppliedDiscount,
  AppliedTax,
  LineModifier,
  LinesReturned,
  OrderFacts,
  OrderLine,
  Texts,
} from '@comanda/contracts';
import { given } from '@comanda/platform';

/** A part of what an order comes to. Its lines and charges sum to its totals; what went back is below zero. */
export interface SalePart {
  readonly position: number;
  readonly kind: 'line' | 'charge' | 'void' | 'return';
  /** Of the order; of a void and a return, its own. */
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
  readonly reason: string | null;
  /** Whoever did it, or the credential where nobody was named. */
  readonly voidedBy: string | null;
  readonly approvedBy: string | null;
  readonly sent: boolean | null;
}

interface PartDiscount {
  readonly name: string;
  readonly amount: number;
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

/** Takes an order apart: its lines, its service charges, what was voided and what went back of it, in whole minor units. */
export function partsOf(order: OrderFacts): SalePart[] {
  const parts = order.checks.flatMap(({ lines, charges }) => [
    ...lines.map((line) => (line.voided ? voidOf(line, line.voided) : lineOf(line, order))),
    ...charges.map((charge) => chargeOf(charge, order)),
  ]);
  const returned = (order.returns ?? []).flatMap((each) => returnOf(each, order));
  return [...parts, ...returned].map((part, position) => ({ position, ...part }));
}

type Part = Omit<SalePart, 'position'>;

const NOTHING = { quantity: 0, gross: 0, discount: 0, net: 0, charge: 0, tax: 0, total: 0, taxes: [], discounts: [] };
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
  };
}

function chargeOf({ id, name, amount, taxes }: Charge, { businessDate, occurredAt }: OrderFacts): Part {
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
  };
}

type Charge = OrderFacts['checks'][number]['charges'][number];

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
function returnOf({ lines, reason, by, occurredAt, businessDate }: LinesReturned, order: OrderFacts): Part[] {
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
      reason,
      voidedBy: by,
      approvedBy: null,
      sent: null,
    };
  });
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

const toPartDiscount = ({ name, amount, kind, reason, staffId, approverId }: AppliedDiscount): PartDiscount => ({
  name,
  amount: amount.amount,
  ...given({ kind, reason, grantedBy: staffId, approvedBy: approverId }),
});

const toPartTax = ({ taxId, name, rate, amount: { amount } }: AppliedTax): PartTax => ({ taxId, name, rate, amount });

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
