import {
  type Feedback,
  GiveFeedback,
  GiveFeedbackByToken,
  HandleFeedback,
  InviteFeedback,
  ListFeedback,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type Caller,
  type CallOf,
  CONFIG,
  deriveKey,
  Endpoint,
  idempotently,
  inTransaction,
  pageOfRows,
  type PlatformConfig,
  Refusal,
} from '@comanda/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FeedbackRow } from './feedback.entity.js';
import { Feedbacks } from './feedbacks.js';
import { invitationIn, tokenOf } from './invitation.js';

@Controller()
export class FeedbackController {
  readonly #key: Buffer;

  constructor(
    private readonly db: DataSource,
    private readonly feedbacks: Feedbacks,
    @Inject(CONFIG) config: PlatformConfig,
  ) {
    this.#key = deriveKey(config.COMANDA_SECRET, 'feedback');
  }

  @Endpoint(GiveFeedback)
  give(@Call() call: CallOf<typeof GiveFeedback>): Promise<Answer<Feedback>> {
    // What is stored for repeats must not outlive the customer.
    return idempotently(this.db, call, (tx) => this.feedbacks.keep(tx, call.caller.organizationId, call.body), {
      remember: (feedback) => ({ ...feedback, text: null }),
    });
  }

  @Endpoint(InviteFeedback)
  invite(@Call() { caller: { organizationId }, body: { orderId } }: CallOf<typeof InviteFeedback>) {
    const expiresAt = new Date(Date.now() + MONTH).toISOString();
    return { token: tokenOf(this.#key, { organizationId, orderId, expiresAt }), expiresAt };
  }

  /** The guest has no credential: the token says whose order it is. */
  @Endpoint(GiveFeedbackByToken)
  giveByToken(@Call() call: CallOf<typeof GiveFeedbackByToken>): Promise<Answer<{ id: string }>> {
    const { token, ...given } = call.body;
    const invitation = invitationIn(this.#key, token, new Date());
    if (!invitation) throw new Refusal('feedback_token_invalid', 'The token is not one of ours, or has expired.');
    const { organizationId, orderId } = invitation;
    return idempotently(this.db, { ...call, caller: guestOf(organizationId) }, async (tx) => {
      const { id } = await this.feedbacks.keep(tx, organizationId, { orderId, ...given });
      return { id };
    });
  }

  @Endpoint(ListFeedback)
  list(@Call() { caller: { organizationId }, query }: CallOf<typeof ListFeedback>) {
    return inTransaction(this.db, organizationId, async (tx) => {
      const rows = tx.createQueryBuilder(FeedbackRow, 'feedback');
      if (query.open) rows.where('feedback.score <= 2 and feedback.handledAt is null');
      const page = await pageOfRows(rows, query, { by: 'createdAt', newestFirst: true }, (row) => row);
      return { ...page, data: await this.feedbacks.read(tx, organizationId, page.data) };
    });
  }

  @Endpoint(HandleFeedback)
  handle(@Call() call: CallOf<typeof HandleFeedback>): Promise<Answer<Feedback>> {
    const where = { organizationId: call.caller.organizationId, id: call.params.feedbackId };
    return idempotently(
      this.db,
      call,
      async (tx) => {
        const row = await tx.findOne(FeedbackRow, { where, lock: { mode: 'pessimistic_write' } });
        if (!row) throw new Refusal('not_found', 'There is no such feedback.');
        const handledAt = row.handledAt ?? new Date();
        await tx.update(FeedbackRow, where, { handledAt });
        return this.feedbacks.readOne(tx, { ...row, handledAt });
      },
      { remember: (feedback) => ({ ...feedback, text: null }) },
    );
  }
}

/** Whoever holds the link: known by nothing else, and allowed nothing else. */
const guestOf = (organizationId: string): Caller => ({
  organizationId,
  id: 'guest',
  kind: 'token',
  scopes: new Set(),
  locations: null,
  ratePerSecond: null,
});

const MONTH = 30 * 86_400_000;
