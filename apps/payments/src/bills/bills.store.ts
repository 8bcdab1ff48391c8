import { Refusal, type Tx } from '@comanda/platform';
import { BillEntity, type BillRow } from './bill.entity.js';

/** What makes a bill known: from a request that shows it, or from an event of its order. */
export type Introduced = Pick<
  BillRow,
  'organizationId' | 'checkId' | 'orderId' | 'locationId' | 'version' | 'businessDate' | 'currency' | 'total' | 'tax'
>;

/**
 * Makes bills known that are not, and locks them all until the transaction ends, in the order of their checks, so that
 * two guests cannot pay the same amount due and two events of one order cannot deadlock. What is known already is
 * answered as it is, not as it was introduced.
 */
export function lockBills(tx: Tx, bills: readonly Introduced[]): Promise<BillRow[]> {
  return tx.sql<BillRow[]>`
    insert into bills (organization_id, check_id, order_id, location_id, version, business_date, currency, total_minor, tax_minor)
    select "organizationId", "checkId", "orderId", "locationId", version, "businessDate", currency, total, tax
    from jsonb_to_recordset(${JSON.stringify(bills)}) as introduced ("organizationId" uuid, "checkId" uuid, "orderId" uuid,
      "locationId" uuid, version integer, "businessDate" date, currency text, total bigint, tax bigint)
    order by "checkId"
    on conflict (organization_id, check_id) do update set version = bills.version
    returning organization_id as "organizationId", check_id as "checkId", order_id as "orderId", location_id as "locationId",
      version, business_date as "businessDate", currency, total_minor as total, tax_minor as tax, settled_minor as settled,
      refunded_minor as refunded, forgiven_minor as forgiven, pending_minor as pending, authorized_minor as authorized,
      taxed_minor as taxed`;
}

/** Locks one known bill until the transaction ends: always before its payments, so that nobody waits in a circle. */
export async function lockBill(tx: Tx, checkId: string): Promise<BillRow> {
  const [bill] = await tx.sql<BillRow[]>`
    select organization_id as "organizationId", check_id as "checkId", order_id as "orderId", location_id as "locationId",
      version, business_date as "businessDate", currency, total_minor as total, tax_minor as tax, settled_minor as settled,
      refunded_minor as refunded, forgiven_minor as forgiven, pending_minor as pending, authorized_minor as authorized,
      taxed_minor as taxed
    from bills where check_id = ${checkId} for update`;
  if (!bill) throw new Refusal('bill_unknown', 'There is no such bill.');
  return bill;
}

/** @throws Refusal `bill_unknown` */
export async function findBill(tx: Tx, checkId: string): Promise<BillRow> {
  const bill = await tx.findOneBy(BillEntity, { checkId });
  if (!bill) throw new Refusal('bill_unknown', 'There is no such bill.');
  return bill;
}

/** Writes what orders said of locked bills. */
export async function saveTerms(tx: Tx, bills: readonly BillRow[]): Promise<void> {
  await tx.sql`
    update bills set version = news.version, business_date = news."businessDate", total_minor = news.total,
      tax_minor = news.tax, forgiven_minor = news.forgiven
    from jsonb_to_recordset(${JSON.stringify(bills)}) as news ("organizationId" uuid, "checkId" uuid, version integer,
      "businessDate" date, total bigint, tax bigint, forgiven bigint)
    where bills.organization_id = news."organizationId" and bills.check_id = news."checkId"`;
}

/** Writes what payments did to a locked bill. */
export async function saveSettlement(tx: Tx, bill: BillRow): Promise<void> {
  await tx.sql`
    update bills set settled_minor = ${bill.settled}, refunded_minor = ${bill.refunded}, forgiven_minor = ${bill.forgiven},
      pending_minor = ${bill.pending}, authorized_minor = ${bill.authorized}, taxed_minor = ${bill.taxed}
    where organization_id = ${bill.organizationId} and check_id = ${bill.checkId}`;
}
