import type { AnswerOf, InputOf, ListRefunds } from '@comanda/contracts';
import { pageOfRows, type Tx } from '@comanda/platform';
import { RefundEntity } from './refund.entity.js';
import { toRefund } from './refund-facts.js';

/** A page of a payment's refunds, oldest first. */
export async function listRefunds(
  tx: Tx,
  paymentId: string,
  { limit, cursor }: InputOf<typeof ListRefunds>['query'],
): Promise<AnswerOf<typeof ListRefunds>> {
  const rows = tx.createQueryBuilder(RefundEntity, 'refund').where('refund.paymentId = :paymentId', { paymentId });
  return pageOfRows(rows, { limit, cursor }, { by: 'recordedAt' }, toRefund);
}
