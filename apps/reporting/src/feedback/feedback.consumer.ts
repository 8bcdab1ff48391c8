import { Consumes, Events, InTx } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { FEEDBACK_NEWS, type FeedbackNews, keepFeedback } from './feedback.store.js';

@Controller()
export class FeedbackConsumer {
  /** What guests thought. */
  @Consumes(...FEEDBACK_NEWS)
  async keep(@Events() events: readonly FeedbackNews[], @InTx() tx: Tx): Promise<void> {
    await keepFeedback(tx, events[0]?.organizationId ?? '', events);
  }
}
