import type { Refund, RefundPayment } from '@comanda/contracts';
import {
  type Answer,
  type CallOf,
  CONFIG,
  idempotently,
  inTransaction,
  newId,
  type Occurrence,
  requireLocation,
  returnKey,
  type Tx,
} from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { holdOf, requireUnspent } from '../accounts/guest-account.js';
import { lockAccount } from '../accounts/guest-accounts.store.js';
import { minorUnits } from '../amounts.js';
import { newAttempt } from '../attempts/attempt.js';
import { Attempts, type Begun } from '../attempts/attempts.js';
import type { BillRow } from '../bills/bill.entity.js';
import { givenBack } from '../bills/bill.js';
import { lockPaid } from '../bills/bills.store.js';
import { write } from '../changes.js';
import { refundBooked } from '../ledger/book.js';
import { occurrenceAt } from '../occurrence.js';
import { PaymentEntity, type PaymentRow } from '../payments/payment.entity.js';
import { findPayment } from '../payments/payments.store.js';
import type { PaymentsConfig } from '../payments.config.js';
import { ProviderAccounts } from '../provider/provider-accounts.js';
import { type Claimed, claimedOf, requireSigned } from './claim.js';
import { claimedBefore, lockReturn } from './claims.store.js';
import { gaveBack, holding, type Part, refundOf, returning } from './refund.js';
import type { RefundRow } from './refund.entity.js';
import { toRefund } from './refund-facts.js';

type Refunding = CallOf<typeof RefundPayment>;

/** Gives money back: out of the drawer or onto an account in one transaction, to a card through the provider. */
@Injectable()
export class Refunds {
  readonly #returnKey: Buffer;

  constructor(
    private readonly db: DataSource,
    private readonly attempts: Attempts,
    private readonly accounts: ProviderAccounts,
    @Inject(CONFIG) config: PaymentsConfig,
  ) {
    this.#returnKey = returnKey(config.COMANDA_SECRET);
  }

  /** @throws Refusal `claim_signature_invalid`, and as `refundOf` and `claimedOf` */
  async refund(call: Refunding): Promise<Answer<Refund>> {
    const { caller, params, body } = call;
    if (body.claim) requireSigned(body.claim, this.#returnKey, caller.organizationId);
    const payment = await inTransaction(this.db, caller.organizationId, (tx) =>
      tx.findOneBy(PaymentEntity, { id: params.paymentId }),
    );
    return payment?.method === 'card' || payment?.method === 'wallet'
      ? this.#refundCard(call, payment)
      : this.#refundAtOnce(call);
  }

  #refundAtOnce(call: Refunding): Promise<Answer<Refund>> {
    return idempotently(this.db, call, async (tx) => {
      const { bill, payment, occurrence, used } = await locked(tx, call);
      const part = partAskedFor(call, payment, used);
      await requireLoadUnspent(tx, payment, part);
      const pending = newRefund(call, payment, part, occurrence);
      const refund: RefundRow = { ...pending, status: 'succeeded', ...returning(payment, part, bill) };
      const after = gaveBack(payment, part);
      const told = refundBooked(after, refund, 0);
      await write(tx, [{ ...told, newRefunds: [refund], payments: [after], bills: [givenBack(bill, refund)] }]);
      return toRefund(refund);
    });
  }

  async #refundCard(call: Refunding, { provider: account }: PaymentRow): Promise<Answer<Refund>> {
    const begin = async (tx: Tx): Promise<Begun> => {
      const { payment, occurrence, used } = await locked(tx, call);
      const part = partAskedFor(call, payment, used);
      await requireLoadUnspent(tx, payment, part);
      const refund = newRefund(call, payment, part, occurrence);
      const attempt = newAttempt(call, 'refund', payment, refund, refund);
      await write(tx, [
        {
          newRefunds: [refund],
          payments: [holding(payment, part)],
          newAttempts: [attempt],
          held: holdOf(payment, part.amount),
        },
      ]);
      const { organizationId, currency } = payment;
      const authorization = payment.providerReference ?? '';
      const amount = part.amount + part.tip;
      const request = { organizationId, reference: attempt.id, authorization, amount, currency };
      return { attempt, question: (provider, signal) => provider.refund(request, signal) };
    };
    return this.attempts.run(
      this.accounts.named(account),
      call,
      () => this.attempts.begin(call, begin),
      ({ refund }) => {
        if (!refund) throw new Error('The attempt of a refund has one.');
        return toRefund(refund);
      },
    );
  }
}

/** Locks what a refund is decided from: the return that it answers, then the bill first, as everywhere. */
async function locked(
  tx: Tx,
  { caller, params, body }: Refunding,
): Promise<{ bill: BillRow; payment: PaymentRow; occurrence: Occurrence; used: Claimed | undefined }> {
  const found = await findPayment(tx, params.paymentId);
  requireLocation(caller, found.locationId);
  const occurrence = await occurrenceAt(tx, caller, body.occurredAt, found.locationId);
  if (!body.claim) return { ...(await lockPaid(tx, found)), occurrence, used: undefined };
  await lockReturn(tx, body.claim.returnId);
  return { ...(await lockPaid(tx, found)), occurrence, used: await claimedBefore(tx, body.claim.returnId) };
}

/** What was put on an account goes back only where it has not been spent; the account stays locked for this. */
async function requireLoadUnspent(tx: Tx, { loads, accountId }: PaymentRow, { amount }: Part): Promise<void> {
  if (loads !== null && accountId !== null) requireUnspent(await lockAccount(tx, accountId), amount);
}

/** What goes back, and how much of it is tax where a claim says so. */
type AskedPart = Part & { readonly claimedTax: number | null };

function partAskedFor({ body }: Refunding, payment: PaymentRow, used: Claimed | undefined): AskedPart {
  const { claim } = body;
  const { currency } = payment;
  const amount = minorUnits(body.amount, currency);
  const tip = minorUnits(body.tip, currency);
  if (!claim || !used) return { ...refundOf(payment, { amount, tip }), claimedTax: null };
  const claimed = claimedOf(claim, used, payment, amount);
  return { ...refundOf(payment, { amount: claimed.amount, tip: tip ?? 0 }), claimedTax: claimed.tax };
}

function newRefund(
  { caller, body }: Refunding,
  payment: PaymentRow,
  { amount, tip, claimedTax }: AskedPart,
  occurrence: Occurrence,
): RefundRow {
  return {
    organizationId: caller.organizationId,
    id: body.id ?? newId(),
    paymentId: payment.id,
    status: 'pending',
    currency: payment.currency,
    amount,
    tip,
    rounding: 0,
    fee: 0,
    tax: 0,
    returnId: body.claim?.returnId ?? null,
    claimedTax,
    reason: body.reason,
    declineCode: null,
    ...occurrence,
    recordedAt: new Date(),
  };
}
