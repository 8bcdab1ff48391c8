import type { AnswerOf, InputOf, ListRefunds } from '@comanda/contracts';
import { pageOf, positionOf, type Tx } from '@comanda/platform';
import { z } from 'zod';
import { RefundEntity, type RefundRow } from './refund.entity.js';
import { toRefund } from './refund-facts.js';

/** A page of a payment's refunds, oldest first. */
export async function listRefunds(
  tx: Tx,
  paymentId: string,
  { limit, cursor }: InputOf<typeof ListRefunds>['query'],
): Promise<AnswerOf<typeof ListRefunds>> {
  const rows = tx
    .createQueryBuilder(RefundEntity, 'refund')
    .where('refund.paymentId = :paymentId', { paymentId })
    .orderBy({ 'refund.recordedAt': 'ASC', 'refund.id': 'ASC' });
  const after = positionOf(cursor, Position);
  if (after)
    rows.andWhere('(refund.recordedAt, refund.id) > (:recordedAt, :id)', { recordedAt: after[0], id: after[1] });
  return pageOf(await rows.limit(limit + 1).getMany(), limit, position, toRefund);
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);
const position = ({ recordedAt, id }: RefundRow) => [recordedAt.toISOString(), id] as const;
