import { type Envelope, FeedbackReceived } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';
import { newestOf } from '../newest.js';

/** What is told of feedback. */
export const FEEDBACK_NEWS = [FeedbackReceived] as const;
export type FeedbackNews = Envelope<typeof FeedbackReceived>;

/** Keeps scores. */
export async function keepFeedback(tx: Tx, organizationId: string, news: readonly FeedbackNews[]): Promise<void> {
  const scores = newestOf(news).map(({ aggregateVersion: version, data: { feedbackId, orderId, score } }) => ({
    feedbackId,
    version,
    orderId,
    score,
  }));
  await runPrepared(tx, KEEP, [JSON.stringify(scores), organizationId]);
}

// Rows are locked in the order of their ids.
const KEEP = {
  name: 'feedback_scores.keep',
  text: `
    insert into feedback_scores as known (organization_id, feedback_id, version, order_id, score)
    select $2::uuid, "feedbackId", version, "orderId", score
    from json_to_recordset($1::json) as given ("feedbackId" uuid, version integer, "orderId" uuid, score integer)
    order by "feedbackId"
    on conflict (organization_id, feedback_id) do update
      set version = excluded.version, order_id = excluded.order_id, score = excluded.score
      where known.version < excluded.version`,
};
