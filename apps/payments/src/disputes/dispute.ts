import { newId } from '@comanda/platform';
import type { BillRow } from '../bills/bill.entity.js';
import { givenBack } from '../bills/bill.js';
import type { Changes } from '../changes.js';
import { disputeBooked, refundBooked } from '../ledger/book.js';
import { disputeClosedLegs, disputeLostLegs, disputeOpenedLegs } from '../ledger/postings.js';
import type { PaymentRow } from '../payments/payment.entity.js';
import type { When } from '../payments/payment.js';
import type { Dispute as Told } from '../provider/payment-provider.js';
import { feeBack, gaveBack, holding, released, returning } from '../refunds/refund.js';
import type { RefundRow } from '../refunds/refund.entity.js';
import { newTask } from '../tasks/task.js';
import type { DisputeRow } from './dispute.entity.js';

/** How things stand after a provider's word of a dispute, and what that changes. */
export interface Disputed {
  readonly dispute: DisputeRow;
  readonly payment: PaymentRow;
  readonly changes: Changes;
}

/**
 * A dispute is opened: the provider has taken the money. It moves from the card to the dispute, the platform gives its
 * share of the fee back, what is disputed cannot be refunded meanwhile, and somebody gets a task.
 */
export function opened(payment: PaymentRow, told: Told, { businessDate }: Pick<When, 'businessDate'>): Disputed {
  const left = payment.amount - payment.refunded - payment.refunding;
  const ofBill = Math.min(told.amount, left);
  const ofTip = Math.min(told.amount - ofBill, payment.tip - payment.refundedTip - payment.refundingTip);
  const dispute: DisputeRow = {
    organizationId: payment.organizationId,
    id: newId(),
    paymentId: payment.id,
    orderId: payment.orderId,
    locationId: payment.locationId,
    providerReference: told.id,
    status: 'open',
    reason: told.reason.slice(0, 200),
    currency: payment.currency,
    amount: told.amount,
    ofBill,
    ofTip,
    providerFee: told.fee,
    platformFee: feeBack(payment, ofBill),
    businessDate,
    openedAt: told.openedAt,
    closedAt: null,
  };
  const after = { ...holding(payment, partOf(dispute)), disputeStatus: 'open' as const, disputed: told.amount };
  const task = newTask(after, { kind: 'dispute', subjectId: dispute.id }, { amount: told.amount });
  const when = { businessDate, occurredAt: told.openedAt };
  return settled(after, dispute, when, disputeOpenedLegs(dispute), { newDisputes: [dispute], newTasks: [task] });
}

/** The merchant has won: the money comes back, and the platform has its fee again. The provider keeps its own. */
export function won(payment: PaymentRow, open: DisputeRow, when: When): Disputed {
  const dispute: DisputeRow = { ...open, status: 'won', closedAt: when.occurredAt };
  const after = { ...released(payment, partOf(open)), disputeStatus: 'won' as const };
  return settled(after, dispute, when, disputeClosedLegs(open), closed(dispute));
}

/**
 * The guest has won: what was paid counts as refunded, tax and tip with it; what the provider took beyond that is the
 * merchant's loss. Money that was put on an account stays there: it may have been spent, and the loss is the merchant's.
 */
export function lost(payment: PaymentRow, bill: BillRow, open: DisputeRow, when: When): Disputed {
  const dispute: DisputeRow = { ...open, status: 'lost', closedAt: when.occurredAt };
  const part = partOf(open);
  if (payment.loads !== null || part.amount + part.tip === 0) {
    const after = { ...payment, disputeStatus: 'lost' as const };
    return settled(after, dispute, when, disputeLostLegs(open, { amount: 0, tip: 0, tax: 0 }), closed(dispute));
  }
  const free = released(payment, part);
  const refund: RefundRow = {
    organizationId: open.organizationId,
    id: newId(),
    paymentId: payment.id,
    status: 'succeeded',
    currency: open.currency,
    ...part,
    ...returning(free, part, bill),
    returnId: null,
    claimedTax: null,
    reason: `Dispute lost: ${open.reason}`.slice(0, 200),
    declineCode: null,
    ...when,
    recordedAt: new Date(),
  };
  const told = settled({ ...free, disputeStatus: 'lost' }, dispute, when, [], closed(dispute));
  const after = gaveBack(told.payment, part);
  const back = refundBooked(after, refund, 0, undefined, disputeLostLegs(open, refund));
  const events = [...(told.changes.events ?? []), ...(back.events ?? [])];
  const rows = { payments: [after], newRefunds: [refund], bills: [givenBack(bill, refund)] };
  return { dispute, payment: after, changes: { ...told.changes, ...back, ...rows, events } };
}

const partOf = ({ ofBill: amount, ofTip: tip }: DisputeRow) => ({ amount, tip });

const closed = (dispute: DisputeRow): Changes => ({
  disputes: [dispute],
  settledTasks: [{ kind: 'dispute', subjectId: dispute.id }],
});

/** The payment enters its dispute's state, which is told and posted. */
function settled(
  payment: PaymentRow,
  dispute: DisputeRow,
  when: When,
  legs: ReturnType<typeof disputeOpenedLegs>,
  changes: Changes,
): Disputed {
  const after = { ...payment, version: payment.version + 1 };
  return {
    dispute,
    payment: after,
    changes: { ...changes, ...disputeBooked(after, dispute, when, legs), payments: [after] },
  };
}
