import type { Reconciliation, ReconciliationReason } from '@comanda/contracts';
import { inCurrency } from '../amounts.js';
import type { ProviderMovement } from '../provider/payment-provider.js';

/** What the ledger says that moved at the provider. Amounts are minor units, positive towards us. */
export interface LedgerMovement {
  readonly kind: ProviderMovement['kind'];
  /** Of the attempt that moved it; null for what the provider did by itself. */
  readonly reference: string | null;
  readonly authorization: string | null;
  readonly paymentId: string;
  readonly orderId: string;
  readonly checkId: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
}

/** A bill of an order: what it comes to, and what of it the bill and the ledger hold as paid, less what went back. */
export interface BillSums {
  readonly checkId: string;
  readonly orderId: string;
  readonly currency: string;
  readonly total: number;
  readonly kept: number;
  readonly forgiven: number;
  readonly ledger: number;
}

type Row = Reconciliation['rows'][number];
type Result = Pick<Reconciliation, 'movements' | 'bills' | 'sums' | 'explained' | 'unexplained' | 'rows'>;

/**
 * Holds the provider's report against the ledger, movement by movement, and the bills of orders against the ledger.
 * @param theirs what the provider reports of the days in question, also what belongs to other business days
 * @param known how references are known here that are not among `ours`: booked on another day, still under way, or not at all
 */
export function reconciled(
  ours: readonly LedgerMovement[],
  theirs: readonly ProviderMovement[],
  bills: readonly BillSums[],
  known: ReadonlyMap<string, 'booked' | 'under_way'>,
): Result {
  const reported = Map.groupBy(theirs, keyOf);
  const taken = ours.map((movement) => ({ movement, there: reported.get(keyOf(movement))?.shift() }));
  const left = [...reported.values()].flat().filter((movement) => known.get(keyOf(movement)) !== 'booked');
  const rows = [
    ...taken.flatMap(({ movement, there }) => compared(movement, there)),
    ...left.map((movement) =>
      rowOf(known.get(keyOf(movement)) === 'under_way' ? 'under_way' : 'missing_here', null, movement),
    ),
    ...bills.flatMap(billRows),
  ];
  const unexplained = rows.filter(({ explained }) => !explained);
  return {
    movements: taken.filter(({ movement, there }) => compared(movement, there).length === 0).length,
    bills: bills.filter((bill) => billRows(bill).length === 0).length,
    sums: sumsOf(taken),
    explained: rows.length - unexplained.length,
    unexplained: unexplained.length,
    rows: [...unexplained, ...rows.filter(({ explained }) => explained)].slice(0, MOST_ROWS),
  };
}

/** How a movement is found on the other side: by our reference, or where there is none, by what it is about. */
export const keyOf = ({
  kind,
  reference,
  authorization,
}: Pick<LedgerMovement, 'kind' | 'reference' | 'authorization'>): string => reference ?? `${kind} ${authorization}`;

const MOST_ROWS = 1_000;
const EXPLAINED: readonly ReconciliationReason[] = ['under_way', 'bill_open', 'refund_due'];

function compared(here: LedgerMovement, there: ProviderMovement | undefined): Row[] {
  if (!there) return [rowOf('missing_there', here, undefined)];
  if (here.currency !== there.currency) return [rowOf('currency_differs', here, there)];
  if (here.amount !== there.amount) return [rowOf('amount_differs', here, there)];
  if (here.fee === there.fee) return [];
  return [rowOf('fee_differs', { ...here, amount: here.fee }, { ...there, amount: there.fee })];
}

function billRows({ checkId, orderId, currency, total, kept, forgiven, ledger }: BillSums): Row[] {
  const of = inCurrency(currency);
  const row = (reason: ReconciliationReason, ours: number, theirs: number): Row => ({
    reason,
    explained: EXPLAINED.includes(reason),
    paymentId: null,
    orderId,
    checkId,
    providerReference: null,
    ours: of(ours),
    theirs: of(theirs),
  });
  if (kept !== ledger) return [row('bill_differs', ledger, kept)];
  if (kept > total) return [row('refund_due', kept, total)];
  return kept + forgiven < total ? [row('bill_open', kept, total)] : [];
}

function rowOf(reason: ReconciliationReason, here: LedgerMovement | null, there: ProviderMovement | undefined): Row {
  return {
    reason,
    explained: EXPLAINED.includes(reason),
    paymentId: here?.paymentId ?? null,
    orderId: here?.orderId ?? null,
    checkId: here?.checkId ?? null,
    providerReference: here?.authorization ?? there?.authorization ?? null,
    ours: here && inCurrency(here.currency)(here.amount),
    theirs: there ? inCurrency(there.currency)(there.amount) : null,
  };
}

type Pair = { readonly movement: LedgerMovement; readonly there: ProviderMovement | undefined };

function sumsOf(pairs: readonly Pair[]): Result['sums'] {
  return [...Map.groupBy(pairs, ({ movement }) => movement.currency)].map(([currency, of]) => {
    const sum = (amount: (pair: Pair) => number) => ({
      amount: of.reduce((total, pair) => total + amount(pair), 0),
      currency,
    });
    return {
      provider: sum(({ there }) => there?.amount ?? 0),
      providerFee: sum(({ there }) => there?.fee ?? 0),
      ledger: sum(({ movement }) => movement.amount),
      ledgerFee: sum(({ movement }) => movement.fee),
    };
  });
}
