import {
  type AppliedTax,
  type LinesReturned,
  type NewReturn,
  type OrderFacts,
  type OrderLine,
  OrderReturned,
  type ReturnedLine,
} from '@comanda/contracts';
import { money, proportionOf } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import { type RefundedLine, refundOf } from '@comanda/pricing';
import { namesOf, requireMayReturn } from '../approvals/approvals.js';
import { isUnapproved } from '../checks/discounts.js';
import { cartOf, nameOf, taxesOf } from '../splits/divided.js';
import type { Reason } from './change-order.js';
import { type Change, type KeptOrder, linesOf, nextVersion } from './order.js';

type Asked = Pick<NewReturn, 'lines' | 'combos'> & { readonly id: string };

/**
 * Takes things back that were paid. What the guest gets for them is their exact share of what the order was charged, and is
 * told with the return; the order keeps its amounts. Every unit goes back once at most, and all of them come to all.
 * @throws Refusal `approval_required`, `order_unpaid`, `line_state`, `return_exceeds_sold`, `id_taken`; `reference_unknown` for lines and
 *   combos that the order does not have
 */
export function returnLines(order: KeptOrder, asked: Asked, reason: Reason): Change {
  const { facts } = order;
  const wanted = quantitiesOf(facts, asked);
  if (facts.returns?.some(({ id }) => id === asked.id))
    throw new Refusal('id_taken', 'The order has a return with this id.');
  if (facts.paymentStatus !== 'paid')
    throw new Refusal('order_unpaid', 'The order is not paid: void what is not wanted.');
  const returned = returnOf(facts, wanted, { id: asked.id, ...reason });
  requireMayReturn(
    { total: facts.totals.total.amount, back: takenBackAlone(facts) + returned.total.amount },
    reason.authority,
  );
  const returns = [...(facts.returns ?? []), returned];
  const checks = facts.checks.map((check) => ({
    ...check,
    lines: check.lines.map((line) => {
      const quantity = wanted.get(line.id);
      return quantity === undefined ? line : { ...line, returned: (line.returned ?? 0) + quantity };
    }),
  }));
  const after = nextVersion(order, { facts: { returns }, checks });
  return { order: after, told: [{ event: OrderReturned, facts: after.facts }], at: reason.when.occurredAt };
}

/** What went back without anybody's approval, by the hands of staff. */
const takenBackAlone = ({ returns = [] }: OrderFacts): number =>
  returns.filter(isUnapproved).reduce((sum, { total }) => sum + total.amount, 0);

/** How many of which line, combos taken for their lines; what is named twice is added up. */
function quantitiesOf(facts: OrderFacts, { lines, combos }: Asked): Map<string, number> {
  const all = linesOf(facts);
  const named = [
    ...lines.map(({ lineId, quantity }, at) => ({
      pointer: `/lines/${at}`,
      quantity,
      found: all.filter(({ id }) => id === lineId),
    })),
    ...combos.map(({ comboId, quantity }, at) => ({
      pointer: `/combos/${at}`,
      quantity,
      found: all.filter(({ combo, voided }) => combo?.id === comboId && !voided),
    })),
  ];
  if (named.length === 0) throw unknown('/lines', 'Name a line or a combo that goes back.');
  const wanted = new Map<string, number>();
  for (const { pointer, quantity, found } of named) {
    if (found.length === 0) throw unknown(pointer, 'This is not on the order.');
    for (const line of found) {
      const sum = (wanted.get(line.id) ?? 0) + quantity;
      requireLeft(line, sum, pointer);
      wanted.set(line.id, sum);
    }
  }
  return wanted;
}

const unknown = (pointer: string, detail: string): Refusal =>
  new Refusal('reference_unknown', detail, { errors: [{ pointer, detail }] });

function requireLeft({ quantity, returned = 0, voided }: OrderLine, wanted: number, pointer: string): void {
  if (voided)
    throw new Refusal('line_state', 'The line is voided: nothing was charged for it.', {
      errors: [{ pointer, detail: 'Voided.' }],
    });
  const left = quantity - returned;
  if (wanted > left)
    throw new Refusal('return_exceeds_sold', `Of ${quantity} sold only ${left} can still go back.`, {
      errors: [{ pointer, detail: `${left} are left.` }],
    });
}

function returnOf(
  facts: OrderFacts,
  wanted: ReadonlyMap<string, number>,
  { id, reason, by, when, authority }: Reason & { readonly id: string },
): LinesReturned {
  const lines = linesOf(facts).filter((line) => wanted.has(line.id));
  const units = lines.map(({ id: lineId, returned = 0 }) => ({
    lineId,
    quantity: wanted.get(lineId) ?? 0,
    already: returned,
  }));
  const refund = refundOf(cartOf(facts.checks), units);
  const taxes = new Map(taxesOf(facts.checks).map((tax) => [nameOf(tax), tax]));
  const inCurrency = (amount: number) => money(amount, facts.currency);
  return {
    id,
    lines: refund.lines.flatMap((share, at) => {
      const [line, unit] = [lines[at], units[at]];
      return line && unit ? [returnedLine(line, unit, share, taxes)] : [];
    }),
    tax: inCurrency(refund.tax),
    total: inCurrency(refund.total),
    reason,
    by,
    occurredAt: when.occurredAt.toISOString(),
    businessDate: when.businessDate,
    ...namesOf(authority.hands),
  };
}

/** The share of some units of a line, in the words of the contract. */
function returnedLine(
  line: OrderLine,
  { quantity, already }: RefundedLine,
  share: ReturnType<typeof refundOf>['lines'][number],
  taxes: ReadonlyMap<string, AppliedTax>,
): ReturnedLine {
  const inCurrency = (amount: number) => money(amount, line.total.currency);
  const part = (amount: number) => inCurrency(proportionOf(amount, quantity, line.quantity, already));
  return {
    lineId: line.id,
    quantity,
    gross: inCurrency(share.gross),
    discounts: line.discounts.map((discount) => ({ ...discount, amount: part(discount.amount.amount) })),
    net: inCurrency(share.net),
    serviceCharge: inCurrency(share.serviceCharge),
    taxes: share.taxes.flatMap(({ id, amount }) => {
      const tax = taxes.get(id);
      return tax && amount !== 0 ? [{ ...tax, amount: inCurrency(amount) }] : [];
    }),
    total: inCurrency(share.total),
  };
}
