import type { AnswerOf, InputOf, ListPaymentAttempts } from '@comanda/contracts';
import { type Caller, pageOf, positionOf, type Tx } from '@comanda/platform';
import { In } from 'typeorm';
import { z } from 'zod';
import { PaymentEntity } from '../payments/payment.entity.js';
import { toPaymentAttempt } from './attempt-facts.js';
import { AttemptEntity, type AttemptRow } from './attempt.entity.js';

/** A page of the attempts whose outcome nobody knows, as far as the caller may see them, oldest first. */
export async function listOpenAttempts(
  tx: Tx,
  { locations }: Caller,
  { limit, cursor, why, ...filter }: InputOf<typeof ListPaymentAttempts>['query'],
): Promise<AnswerOf<typeof ListPaymentAttempts>> {
  const rows = tx
    .createQueryBuilder(AttemptEntity, 'attempt')
    .where(`attempt.status in ('pending', 'unknown')`)
    .orderBy({ 'attempt.id': 'ASC' });
  if (why) rows.andWhere(`attempt.status = :status`, { status: why === 'no_answer' ? 'unknown' : 'pending' });
  if (why && why !== 'no_answer') rows.andWhere(`${HAS_CODE} = :coded`, { coded: why === 'guest_pays' });
  for (const [field, value] of Object.entries(filter))
    if (value !== undefined) rows.andWhere(`attempt.${field} = :${field}`, { [field]: value });
  if (locations) rows.andWhere('attempt.locationId = any(:locations)', { locations: [...locations] });
  const after = positionOf(cursor, Position);
  if (after) rows.andWhere('attempt.id > :id', { id: after[0] });
  const found = await rows.limit(limit + 1).getMany();
  const payments = await tx.findBy(PaymentEntity, { id: In(found.map(({ paymentId }) => paymentId)) });
  const byId = new Map(payments.map((payment) => [payment.id, payment]));
  return pageOf(found, limit, position, (attempt) => {
    const payment = byId.get(attempt.paymentId);
    if (!payment) throw new Error(`The attempt ${attempt.id} has no payment.`);
    return toPaymentAttempt(attempt, payment);
  });
}

const HAS_CODE = `exists (select from payments p where p.organization_id = attempt.organization_id
  and p.id = attempt.payment_id and p.code_expires_at is not null)`;
const Position = z.tuple([z.uuid()]);
const position = ({ id }: AttemptRow) => [id] as const;
