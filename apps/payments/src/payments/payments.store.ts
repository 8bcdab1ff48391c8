import { Refusal, type Tx } from '@comanda/platform';
import { PaymentEntity, type PaymentRow } from './payment.entity.js';

/** @throws Refusal `not_found` */
export async function findPayment(tx: Tx, id: string): Promise<PaymentRow> {
  const payment = await tx.findOneBy(PaymentEntity, { id });
  if (!payment) throw new Refusal('not_found', 'There is no such payment.');
  return payment;
}
