import type { AnswerOf, InputOf, ListPayments } from '@comanda/contracts';
import { type Caller, pageOf, positionOf, type Tx } from '@comanda/platform';
import { z } from 'zod';
import { PaymentEntity, type PaymentRow } from './payment.entity.js';
import { toPayment } from './payment-facts.js';

/** A page of the payments that the caller may see, newest first. */
export async function listPayments(
  tx: Tx,
  { locations }: Caller,
  { limit, cursor, ...filter }: InputOf<typeof ListPayments>['query'],
): Promise<AnswerOf<typeof ListPayments>> {
  const rows = tx
    .createQueryBuilder(PaymentEntity, 'payment')
    .orderBy({ 'payment.occurredAt': 'DESC', 'payment.id': 'DESC' });
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) rows.andWhere(`payment.${field} = :${field}`, { [field]: value });
  if (locations) rows.andWhere('payment.locationId = any(:locations)', { locations: [...locations] });
  const after = positionOf(cursor, Position);
  if (after)
    rows.andWhere('(payment.occurredAt, payment.id) < (:occurredAt, :id)', { occurredAt: after[0], id: after[1] });
  return pageOf(await rows.limit(limit + 1).getMany(), limit, position, toPayment);
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);
const position = ({ occurredAt, id }: PaymentRow) => [occurredAt.toISOString(), id] as const;
