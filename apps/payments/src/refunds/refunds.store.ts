import { Refusal, type Tx } from '@comanda/platform';
import { RefundEntity, type RefundRow } from './refund.entity.js';

/** A refund by its id; its payment's lock is its lock. */
export function findRefund(tx: Tx, id: string): Promise<RefundRow> {
  return tx.findOneByOrFail(RefundEntity, { id });
}

/** @throws Refusal `id_taken` */
export async function insertRefund(tx: Tx, refund: RefundRow): Promise<void> {
  const inserted = await tx.sql<unknown[]>`
    insert into refunds (organization_id, id, payment_id, status, currency, amount_minor, tip_minor, rounding_minor, fee_minor,
      tax_minor, reason, decline_code, business_date, occurred_at, recorded_at)
    values (${refund.organizationId}, ${refund.id}, ${refund.paymentId}, ${refund.status}, ${refund.currency}, ${refund.amount},
      ${refund.tip}, ${refund.rounding}, ${refund.fee}, ${refund.tax}, ${refund.reason}, ${refund.declineCode},
      ${refund.businessDate}, ${refund.occurredAt}, ${refund.recordedAt})
    on conflict do nothing returning 1`;
  if (inserted.length === 0) throw new Refusal('id_taken', 'A refund with this id exists.', { id: refund.id });
}

/** Writes how a refund ended. */
export async function saveRefund(tx: Tx, refund: RefundRow): Promise<void> {
  await tx.sql`
    update refunds set status = ${refund.status}, rounding_minor = ${refund.rounding}, fee_minor = ${refund.fee},
      tax_minor = ${refund.tax}, decline_code = ${refund.declineCode}
    where organization_id = ${refund.organizationId} and id = ${refund.id}`;
}
