import { asWorker, lockRows, type Tx } from '@comanda/platform';
import { type DataSource, In, IsNull, Not } from 'typeorm';
import { AttemptEntity } from '../attempts/attempt.entity.js';
import { BillEntity, type BillRow } from '../bills/bill.entity.js';
import { isOpen } from '../attempts/attempt.js';
import { PaymentEntity } from '../payments/payment.entity.js';
import type { TabCard } from './tab.js';

/** A tab that comes to more than is held for it. Amounts are minor units. */
export interface Outgrown {
  readonly organizationId: string;
  readonly checkId: string;
  readonly locationId: string;
  readonly due: number;
  readonly held: number;
}

/** The tabs of all organizations that come to more than their cards hold, where a card may yet be asked for more. */
export function outgrownTabs(worker: DataSource): Promise<Outgrown[]> {
  return asWorker(
    worker,
    (tx) => tx.sql<Outgrown[]>`
      select organization_id as "organizationId", check_id as "checkId", bill.location_id as "locationId",
        due, sum(authorized_minor)::bigint as held
      from payments
      join (
        select organization_id, check_id, location_id, total_minor - settled_minor + refunded_minor - forgiven_minor
          - pending_minor - authorized_minor as due
        from bills
      ) bill using (organization_id, check_id)
      where status = 'authorized' and hold_minor is not null
      group by organization_id, check_id, bill.location_id, due
      having due > sum(authorized_minor) and not bool_and(exists (
        select from payment_attempts asked
        where asked.organization_id = payments.organization_id and asked.payment_id = payments.id
          and asked.kind = 'increment' and asked.status in ('pending', 'unknown', 'declined')))`,
  );
}

/**
 * Locks the bill of a check until the transaction ends, so that of two who have more held for it one does; and reads the cards
 * that hold for it, the newest first. Whoever moves one of them locks the bill, too.
 */
export async function lockTab(tx: Tx, checkId: string): Promise<{ bill: BillRow | undefined; cards: TabCard[] }> {
  const bill = (await lockRows(tx, BillEntity, 'checkId', [checkId])).get(checkId);
  const payments = await tx.find(PaymentEntity, {
    where: { checkId, status: 'authorized', hold: Not(IsNull()) },
    order: { recordedAt: 'DESC', id: 'DESC' },
  });
  const paymentId = In(payments.map(({ id }) => id));
  const asked = await tx.findBy(AttemptEntity, [
    { paymentId, status: In(['pending', 'unknown']) },
    { paymentId, kind: 'increment', status: 'declined' },
  ]);
  const cards = payments.map((payment): TabCard => {
    const own = asked.filter((attempt) => attempt.paymentId === payment.id);
    const state = own.some(({ status }) => isOpen(status)) ? 'busy' : own.length > 0 ? 'refused' : 'free';
    return { payment, hold: payment.hold ?? 0, state };
  });
  return { bill, cards };
}
