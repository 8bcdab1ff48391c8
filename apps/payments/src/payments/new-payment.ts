import type { Bill, NewPayment } from '@comanda/contracts';
import { type Caller, newId, type Occurrence } from '@comanda/platform';
import type { Introduced } from '../bills/bills.store.js';
import type { PaymentRow } from './payment.entity.js';
import type { Tender } from './payment.js';

/** A payment that nobody has heard of yet: where its money will be at, what it loads, is paid with, or is to hold. */
export function newPayment(
  caller: Caller,
  body: NewPayment,
  tender: Tender,
  occurrence: Occurrence,
  { provider = null, loads, accountId, hold = null }: Where,
): PaymentRow {
  const { bill, method, offline } = body;
  return {
    organizationId: caller.organizationId,
    id: body.id ?? newId(),
    locationId: bill.locationId,
    orderId: bill.orderId,
    checkId: bill.checkId,
    method,
    status: 'pending',
    currency: bill.total.currency,
    ...tender,
    tax: 0,
    fee: 0,
    authorized: 0,
    tipAllowance: 0,
    hold,
    refunded: 0,
    refundedTip: 0,
    refunding: 0,
    refundingTip: 0,
    cardBrand: null,
    cardLast4: null,
    provider,
    loads,
    accountId,
    disputeStatus: null,
    disputed: 0,
    codeContent: null,
    codeExpiresAt: null,
    providerReference: null,
    declineCode: null,
    offline,
    ...occurrence,
    takenBy: caller.id,
    recordedAt: new Date(),
    version: 1,
  };
}

type Where = Pick<PaymentRow, 'loads' | 'accountId'> & Partial<Pick<PaymentRow, 'provider' | 'hold'>>;

/** A bill that a guest shows, as payments keeps it. */
export const introduced = (bill: Bill): Introduced => ({
  organizationId: bill.organizationId,
  checkId: bill.checkId,
  orderId: bill.orderId,
  locationId: bill.locationId,
  version: bill.version,
  businessDate: bill.businessDate ?? null,
  currency: bill.total.currency,
  total: bill.total.amount,
  tax: bill.tax.amount,
});
