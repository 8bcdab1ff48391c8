import { insertRows, lockRows, readRows, Refusal, together, type Tx, updateRows } from '@comanda/platform';
import { PaymentEntity, type PaymentRow } from '../payments/payment.entity.js';
import { TERMS } from './bill.js';
import { BillEntity, type BillRow } from './bill.entity.js';

/** What makes a bill known: from a request that shows it, or from an event of its order. */
export type Introduced = Pick<
  BillRow,
  'organizationId' | 'checkId' | 'orderId' | 'locationId' | 'version' | 'businessDate' | 'currency' | 'total' | 'tax'
>;

/** Bills as they are known now; none that nobody has told of. Whoever is about to change one locks it first. */
export const readBills = (tx: Tx, checkIds: readonly string[]): Promise<Map<string, BillRow>> =>
  readRows(tx, BillEntity, 'checkId', checkIds);

/** What is to be put on an account is a bill of the account's own. */
export async function raiseBill(tx: Tx, bill: Introduced & Pick<BillRow, 'loads' | 'accountId'>): Promise<void> {
  await insertRows(tx, BillEntity, [{ ...UNTOUCHED, ...bill }]);
}

/**
 * Makes bills known that are not, and locks them all until the transaction ends, in the order of their checks, so that
 * two guests cannot pay the same amount due and two events of one order cannot deadlock. What is known already is
 * answered as it is, not as it was introduced.
 */
export async function lockBills(tx: Tx, bills: readonly Introduced[]): Promise<Map<string, BillRow>> {
  const ids = bills.map(({ checkId }) => checkId);
  const known = await lockRows(tx, BillEntity, 'checkId', ids);
  const unknown = bills.filter(({ checkId }) => !known.has(checkId));
  if (unknown.length === 0) return known;
  const rows = unknown.map((bill): BillRow => ({ ...bill, ...UNTOUCHED })).toSorted(byCheck);
  if ((await insertRows(tx, BillEntity, rows)) === rows.length)
    return new Map([...known, ...rows.map((row) => [row.checkId, row] as const)]);
  // Somebody else made some of them known meanwhile.
  return lockRows(tx, BillEntity, 'checkId', ids);
}

const UNTOUCHED = {
  settled: 0,
  refunded: 0,
  forgiven: 0,
  pending: 0,
  authorized: 0,
  taxed: 0,
  loads: null,
  accountId: null,
};

const byCheck = (one: BillRow, other: BillRow): number => (one.checkId < other.checkId ? -1 : 1);

/**
 * Locks a payment until the transaction ends, and its bill first, as everybody does, so that nobody waits in a circle.
 * @throws Refusal `not_found`
 */
export async function lockPaid(
  tx: Tx,
  { id, checkId }: Pick<PaymentRow, 'id' | 'checkId'>,
): Promise<{ bill: BillRow; payment: PaymentRow }> {
  const [bills, payments] = await together(
    lockRows(tx, BillEntity, 'checkId', [checkId]),
    lockRows(tx, PaymentEntity, 'id', [id]),
  );
  const [bill, payment] = [bills.get(checkId), payments.get(id)];
  if (!bill || !payment) throw new Refusal('not_found', 'There is no such payment.');
  return { bill, payment };
}

/** @throws Refusal `bill_unknown` */
export async function findBill(tx: Tx, checkId: string): Promise<BillRow> {
  const bill = await tx.findOneBy(BillEntity, { checkId });
  if (!bill) throw new Refusal('bill_unknown', 'There is no such bill.');
  return bill;
}

/** What cards hold for a bill, tips included, in minor units. */
export async function heldFor(tx: Tx, checkId: string): Promise<number> {
  return (await tx.sum(PaymentEntity, 'authorized', { checkId, status: 'authorized' })) ?? 0;
}

/** Writes what orders said of locked bills. */
export const saveTerms = (tx: Tx, bills: readonly BillRow[]): Promise<void> => updateRows(tx, BillEntity, TERMS, bills);
