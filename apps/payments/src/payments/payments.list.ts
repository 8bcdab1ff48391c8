import type { AnswerOf, InputOf, ListPayments } from '@comanda/contracts';
import { type Caller, pageOfRows, type Tx } from '@comanda/platform';
import { PaymentEntity } from './payment.entity.js';
import { toPayment } from './payment-facts.js';

/** A page of the payments that the caller may see, newest first. */
export async function listPayments(
  tx: Tx,
  { locations }: Caller,
  { limit, cursor, ...filter }: InputOf<typeof ListPayments>['query'] & { offline?: boolean },
): Promise<AnswerOf<typeof ListPayments>> {
  const rows = tx.createQueryBuilder(PaymentEntity, 'payment');
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) rows.andWhere(`payment.${field} = :${field}`, { [field]: value });
  if (locations) rows.andWhere('payment.locationId = any(:locations)', { locations: [...locations] });
  return pageOfRows(rows, { limit, cursor }, { by: 'occurredAt', newestFirst: true }, toPayment);
}
