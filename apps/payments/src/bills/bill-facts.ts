import type { BillState } from '@comanda/contracts';
import { inCurrency } from '../amounts.js';
import { dueOn, keptOf, refundDueOn } from './bill.js';
import type { BillRow } from './bill.entity.js';

/** A bill as it is answered, with what cards hold for it in minor units. */
export function toBillState(bill: BillRow, held: number): BillState {
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
    held: of(held),
    due: of(dueOn(bill)),
    refundDue: of(refundDueOn(bill)),
  };
}
