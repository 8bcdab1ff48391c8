import { type NewEvent, publishMany } from '@comanda/events';
import { insertRows, Refusal, together, type Tx, updateRows } from '@comanda/platform';
import type { GuestAccountEntryRow } from './accounts/guest-account.entity.js';
import { type Held, moveAccounts } from './accounts/guest-accounts.store.js';
import { AttemptEntity, type AttemptRow } from './attempts/attempt.entity.js';
import { BillEntity, type BillRow } from './bills/bill.entity.js';
import { DisputeEntity, type DisputeRow } from './disputes/dispute.entity.js';
import { type LedgerEntry, post } from './ledger/ledger.store.js';
import { PaymentEntity, type PaymentRow } from './payments/payment.entity.js';
import { unresolved } from './payments/payment.js';
import { RefundEntity, type RefundRow } from './refunds/refund.entity.js';
import type { Subject } from './tasks/task.js';
import { settleTasks } from './tasks/tasks.store.js';
import { TaskEntity, type TaskRow } from './tasks/task.entity.js';

/** What a decision about money changes: rows as they are to stand, what is posted, and what is told. */
export interface Changes {
  readonly newPayments?: readonly PaymentRow[];
  readonly newRefunds?: readonly RefundRow[];
  readonly newAttempts?: readonly AttemptRow[];
  /** What moves gift cards and house accounts, and what refunds under way hold of them. */
  readonly newAccountEntries?: readonly GuestAccountEntryRow[];
  readonly held?: readonly Held[];
  readonly newDisputes?: readonly DisputeRow[];
  readonly disputes?: readonly DisputeRow[];
  /** A task that was raised before is not raised again. */
  readonly newTasks?: readonly TaskRow[];
  /** What nobody has to look at any more. */
  readonly settledTasks?: readonly Subject[];
  /** Locked, as everything below. */
  readonly bills?: readonly BillRow[];
  readonly payments?: readonly PaymentRow[];
  readonly refunds?: readonly RefundRow[];
  readonly attempts?: readonly AttemptRow[];
  readonly entries?: readonly LedgerEntry[];
  readonly events?: readonly NewEvent[];
}

/**
 * Writes what decisions change, one statement for each table whatever their number, in one round trip.
 * @throws Refusal `id_taken`; `payment_unresolved` while another step of a payment is under way
 */
export async function write(tx: Tx, changes: readonly Changes[]): Promise<void> {
  const all = <Part extends keyof Changes>(part: Part) =>
    changes.flatMap((each) => (each[part] ?? []) as NonNullable<Changes[Part]>[number][]);
  const [newPayments, newRefunds, newAttempts] = [all('newPayments'), all('newRefunds'), all('newAttempts')];
  const [payments, refunds, attempts] = await together(
    insertRows(tx, PaymentEntity, newPayments),
    insertRows(tx, RefundEntity, newRefunds),
    insertRows(tx, AttemptEntity, newAttempts),
    insertRows(tx, DisputeEntity, all('newDisputes')),
    updateRows(tx, DisputeEntity, ['status', 'closedAt'], all('disputes')),
    insertRows(tx, TaskEntity, all('newTasks')),
    updateRows(tx, BillEntity, MOVING_OF_BILLS, all('bills')),
    updateRows(tx, PaymentEntity, MOVING_OF_PAYMENTS, all('payments')),
    updateRows(tx, RefundEntity, MOVING_OF_REFUNDS, all('refunds')),
    updateRows(tx, AttemptEntity, MOVING_OF_ATTEMPTS, all('attempts')),
    moveAccounts(tx, all('newAccountEntries'), all('held')),
    settleTasks(tx, all('settledTasks')),
    post(tx, all('entries')),
    publishMany(tx, all('events')),
  );
  if (payments < newPayments.length) throw new Refusal('id_taken', 'A payment with this id exists.', idOf(newPayments));
  if (refunds < newRefunds.length) throw new Refusal('id_taken', 'A refund with this id exists.', idOf(newRefunds));
  if (attempts < newAttempts.length) throw unresolved();
}

const idOf = ([first]: readonly { id: string }[]): { id?: string } => (first ? { id: first.id } : {});

const MOVING_OF_BILLS = [
  'version',
  'total',
  'tax',
  'settled',
  'refunded',
  'forgiven',
  'pending',
  'authorized',
  'taxed',
] as const;
const MOVING_OF_PAYMENTS = [
  'status',
  'amount',
  'tip',
  'tax',
  'fee',
  'authorized',
  'tipAllowance',
  'refunded',
  'refundedTip',
  'refunding',
  'refundingTip',
  'cardBrand',
  'cardLast4',
  'codeContent',
  'codeExpiresAt',
  'providerReference',
  'declineCode',
  'disputeStatus',
  'disputed',
  'businessDate',
  'occurredAt',
  'version',
] as const;
const MOVING_OF_REFUNDS = ['status', 'rounding', 'fee', 'tax', 'declineCode'] as const;
const MOVING_OF_ATTEMPTS = [
  'status',
  'declineCode',
  'nextLookAt',
  'settledBy',
  'settledReason',
  'settledEvidence',
] as const;
