import { money, scale } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import type { BillRow } from './bill.entity.js';

/** What a check comes to, as orders says. */
export type Terms = Pick<BillRow, 'version' | 'total' | 'tax' | 'businessDate'>;

/** A payment as its bill sees it. */
export type Share = { readonly status: string; readonly amount: number; readonly tax: number };

/** What is left to pay: nothing that is paid, held, or was given back as a kindness is asked for again. */
export const dueOn = (bill: BillRow): number =>
  Math.max(0, bill.total - creditedTo(bill) - bill.pending - bill.authorized);

/** What was kept beyond a total that fell after it was paid. Payments shows it; somebody decides to refund. */
export const refundDueOn = (bill: BillRow): number => Math.max(0, keptOf(bill) - bill.total);

/**
 * How much of a bill a payment settles: the amount asked for, or all that is due. Zero with a tip is a tip alone.
 * @throws Refusal `nothing_due`, `amount_exceeds_due`; `payment_unresolved` while a payment under way holds what is asked for
 */
export function partOf(bill: BillRow, asked: number | undefined, tip: number): number {
  const due = dueOn(bill);
  if (asked === 0 && tip === 0) throw new Refusal('nothing_due', 'A payment needs an amount or a tip.');
  if (asked === undefined ? due > 0 : asked <= due) return asked ?? due;
  if (bill.pending > 0 && (asked ?? 0) <= due + bill.pending) {
    throw new Refusal(
      'payment_unresolved',
      'An earlier payment of this bill is still being settled.',
      { due: money(due, bill.currency), pending: money(bill.pending, bill.currency) },
      { retryAfter: 2 },
    );
  }
  if (due === 0) throw new Refusal('nothing_due', 'Nothing is due on this bill.');
  throw new Refusal('amount_exceeds_due', 'This is more than what is due.', { due: money(due, bill.currency) });
}

/**
 * The bill when a guest presents it with a payment: the newer of what is known and what is shown.
 * @throws Refusal `bill_superseded` when a newer version is known
 */
export function presented(known: BillRow, shown: Terms): BillRow {
  if (shown.version < known.version)
    throw new Refusal('bill_superseded', 'The bill has changed since: read the check again.', {
      version: known.version,
      total: money(known.total, known.currency),
    });
  return restated(known, shown);
}

/**
 * The bill after orders said what the check comes to. Older news changes nothing; a cancelled order comes to zero under
 * the version its check had.
 */
export function restated(bill: BillRow, news: Terms): BillRow {
  const businessDate = bill.businessDate ?? news.businessDate;
  const cancelled = news.version === bill.version && news.total === 0;
  if (news.version <= bill.version && !cancelled) return { ...bill, businessDate };
  // What was given back before a total fell counts towards its fall: nobody is asked to refund it twice.
  const forgiven = Math.min(bill.forgiven, Math.max(0, news.total - keptOf(bill)));
  return { ...bill, businessDate, version: news.version, total: news.total, tax: news.tax, forgiven };
}

/** Whether all of this is no news to a bill. What is not will never be: a bill only becomes newer. */
export const isUpToDate = (bill: BillRow, news: readonly Terms[]): boolean =>
  news.every((each) => {
    const after = restated(bill, each);
    return TERMS.every((term) => after[term] === bill[term]);
  });

/** What news can change of a bill. */
export const TERMS = ['version', 'businessDate', 'total', 'tax', 'forgiven'] as const satisfies (keyof BillRow)[];

/** The bill when one of its payments goes from one state to another; `before` is null when it is new. */
export function carrying(bill: BillRow, before: Share | null, after: Share): BillRow {
  const [from, to] = [before ? weightOf(before) : NOTHING, weightOf(after)];
  return {
    ...bill,
    settled: bill.settled - from.settled + to.settled,
    pending: bill.pending - from.pending + to.pending,
    authorized: bill.authorized - from.authorized + to.authorized,
    taxed: bill.taxed - from.taxed + to.taxed,
  };
}

/** The bill after part of what was paid went back, with the tax that went with it. */
export function givenBack(bill: BillRow, part: { readonly amount: number; readonly tax: number }): BillRow {
  const answers = Math.min(part.amount, refundDueOn(bill));
  return {
    ...bill,
    refunded: bill.refunded + part.amount,
    forgiven: bill.forgiven + part.amount - answers,
    taxed: bill.taxed - part.tax,
  };
}

/**
 * How much of a payment is tax: what the bill's tax comes to for all that is kept with this payment, less what is booked
 * already. So the parts of a bill paid in full sum to its tax, whatever its parts; after its tax fell, a part may be negative.
 */
export function taxIn(bill: BillRow, amount: number): number {
  if (amount === 0 || bill.total === 0) return 0;
  return scale(bill.tax, keptOf(bill) + amount, bill.total, 'half-up') - bill.taxed;
}

/**
 * How much tax goes back with part of what was kept: what answers a total that fell takes along the tax that fell with it,
 * the rest its share of the tax that is then left. When everything has gone back, so has all the tax.
 */
export function taxBack(bill: BillRow, amount: number): number {
  const due = refundDueOn(bill);
  const answers = Math.min(amount, due);
  const fallen = answers === 0 ? 0 : scale(bill.taxed - bill.tax, answers, due, 'half-up');
  const rest = amount - answers;
  return fallen + (rest === 0 ? 0 : scale(bill.taxed - fallen, rest, keptOf(bill) - answers, 'half-up'));
}

/** What the house keeps of what was paid. */
export const keptOf = ({ settled, refunded }: BillRow): number => settled - refunded;

/** What counts as paid: a kindness does not have to be paid again. */
const creditedTo = (bill: BillRow): number => keptOf(bill) + bill.forgiven;

const NOTHING = { settled: 0, pending: 0, authorized: 0, taxed: 0 };

function weightOf({ status, amount, tax }: Share): typeof NOTHING {
  switch (status) {
    case 'pending':
    case 'unknown':
      return { ...NOTHING, pending: amount };
    case 'authorized':
      return { ...NOTHING, authorized: amount };
    case 'captured':
      return { ...NOTHING, settled: amount, taxed: tax };
    default:
      return NOTHING;
  }
}
