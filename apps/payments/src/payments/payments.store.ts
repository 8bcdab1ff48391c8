import { Refusal, type Tx } from '@comanda/platform';
import type { BillRow } from '../bills/bill.entity.js';
import { PaymentEntity, type PaymentRow } from './payment.entity.js';

/** @throws Refusal `not_found` */
export async function findPayment(tx: Tx, id: string): Promise<PaymentRow> {
  const payment = await tx.findOneBy(PaymentEntity, { id });
  if (!payment) throw new Refusal('not_found', 'There is no such payment.');
  return payment;
}

/** Locks a payment until the transaction ends, after its bill, so that its parts are given back once. */
export async function lockPayment(tx: Tx, id: string): Promise<PaymentRow> {
  const [payment] = await tx.sql<PaymentRow[]>`
    select organization_id as "organizationId", id, location_id as "locationId", order_id as "orderId", check_id as "checkId",
      method, status, currency, amount_minor as amount, rounding_minor as rounding, tip_minor as tip,
      tendered_minor as tendered, change_minor as change, tax_minor as tax, fee_minor as fee,
      authorized_minor as authorized, tip_allowance_minor as "tipAllowance", refunded_minor as refunded,
      refunded_tip_minor as "refundedTip", refunding_minor as refunding, refunding_tip_minor as "refundingTip",
      card_brand as "cardBrand", card_last4 as "cardLast4", provider_reference as "providerReference",
      decline_code as "declineCode", offline, business_date as "businessDate", taken_by as "takenBy",
      occurred_at as "occurredAt", recorded_at as "recordedAt", version
    from payments where id = ${id} for update`;
  if (!payment) throw new Refusal('not_found', 'There is no such payment.');
  return payment;
}

/**
 * Writes a new payment, and its locked bill with it: what the bill came to and what is held or settled of it now.
 * @throws Refusal `id_taken`
 */
export async function insertPayment(tx: Tx, payment: PaymentRow, bill: BillRow): Promise<void> {
  const inserted = await tx.sql<unknown[]>`
    with billed as (
      update bills set version = ${bill.version}, total_minor = ${bill.total}, tax_minor = ${bill.tax},
        settled_minor = ${bill.settled}, forgiven_minor = ${bill.forgiven}, pending_minor = ${bill.pending},
        authorized_minor = ${bill.authorized}, taxed_minor = ${bill.taxed}
      where organization_id = ${bill.organizationId} and check_id = ${bill.checkId})
    insert into payments (organization_id, id, location_id, order_id, check_id, method, status, currency, amount_minor,
      rounding_minor, tip_minor, tendered_minor, change_minor, tax_minor, fee_minor, authorized_minor, tip_allowance_minor,
      refunded_minor, refunded_tip_minor, refunding_minor, refunding_tip_minor, card_brand, card_last4, provider_reference,
      decline_code, offline, business_date, taken_by, occurred_at, recorded_at, version)
    values (${payment.organizationId}, ${payment.id}, ${payment.locationId}, ${payment.orderId}, ${payment.checkId},
      ${payment.method}, ${payment.status}, ${payment.currency}, ${payment.amount}, ${payment.rounding}, ${payment.tip},
      ${payment.tendered}, ${payment.change}, ${payment.tax}, ${payment.fee}, ${payment.authorized}, ${payment.tipAllowance},
      ${payment.refunded}, ${payment.refundedTip}, ${payment.refunding}, ${payment.refundingTip}, ${payment.cardBrand},
      ${payment.cardLast4}, ${payment.providerReference}, ${payment.declineCode}, ${payment.offline}, ${payment.businessDate},
      ${payment.takenBy}, ${payment.occurredAt}, ${payment.recordedAt}, ${payment.version})
    on conflict do nothing returning 1`;
  if (inserted.length === 0) throw new Refusal('id_taken', 'A payment with this id exists.', { id: payment.id });
}

/** Writes what may change of a locked payment. */
export async function savePayment(tx: Tx, payment: PaymentRow): Promise<void> {
  await tx.sql`
    update payments set status = ${payment.status}, amount_minor = ${payment.amount}, tip_minor = ${payment.tip},
      tax_minor = ${payment.tax}, fee_minor = ${payment.fee}, authorized_minor = ${payment.authorized},
      tip_allowance_minor = ${payment.tipAllowance}, refunded_minor = ${payment.refunded},
      refunded_tip_minor = ${payment.refundedTip}, refunding_minor = ${payment.refunding},
      refunding_tip_minor = ${payment.refundingTip}, card_brand = ${payment.cardBrand}, card_last4 = ${payment.cardLast4},
      provider_reference = ${payment.providerReference}, decline_code = ${payment.declineCode},
      business_date = ${payment.businessDate}, occurred_at = ${payment.occurredAt}, version = ${payment.version}
    where organization_id = ${payment.organizationId} and id = ${payment.id}`;
}
