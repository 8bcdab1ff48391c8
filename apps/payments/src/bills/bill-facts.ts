import type { BillState } from '@comanda/contracts';
import { inCurrency } from '../amounts.js';
import { dueOn, keptOf, refundDueOn } from './bill.js';
import type { BillRow } from './bill.entity.js';

/** A bill as it is answered. */
export function toBillState(bill: BillRow): BillState {
  const { orderId, checkId, locationId, version, businessDate } = bill;
  const of = inCurrency(bill.currency);
  return {
    orderId,
    checkId,
    locationId,
    version,
    businessDate,
    total: of(bill.total),
    paid: of(keptOf(bill)),
    refunded: of(bill.refunded),
    pending: of(bill.pending + bill.authorized),
    due: of(dueOn(bill)),
    refundDue: of(refundDueOn(bill)),
  };
}
