import {
  type AnswerOf,
  ListPaymentAttempts,
  LookUpPaymentAttempt,
  type PaymentAttempt,
  SettlePaymentAttempt,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  requireLocation,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toPaymentAttempt } from './attempt-facts.js';
import { listOpenAttempts } from './attempts.list.js';
import { knownAttempt } from './attempts.store.js';
import { Attempts } from './attempts.js';
import { isOpen } from './attempt.js';
import { byHand } from './by-hand.js';
import { settle } from './settle.js';

@Controller()
export class AttemptsController {
  constructor(
    private readonly db: DataSource,
    private readonly attempts: Attempts,
    private readonly locations: KnownLocations,
  ) {}

  @Endpoint(ListPaymentAttempts)
  list(@Call() { caller, query }: CallOf<typeof ListPaymentAttempts>): Promise<AnswerOf<typeof ListPaymentAttempts>> {
    return inTransaction(this.db, caller.organizationId, (tx) => listOpenAttempts(tx, caller, query));
  }

  @Endpoint(LookUpPaymentAttempt)
  async lookUp(@Call() { caller, params }: CallOf<typeof LookUpPaymentAttempt>): Promise<PaymentAttempt> {
    const { attempt, payment } = await inTransaction(this.db, caller.organizationId, (tx) =>
      knownAttempt(tx, params.attemptId),
    );
    requireLocation(caller, attempt.locationId);
    if (!isOpen(attempt.status)) return toPaymentAttempt(attempt, payment);
    const settled = await this.attempts.resolve(attempt);
    return toPaymentAttempt(settled.attempt, settled.payment);
  }

  @Endpoint(SettlePaymentAttempt)
  settle(@Call() call: CallOf<typeof SettlePaymentAttempt>): Promise<Answer<PaymentAttempt>> {
    const { caller, params, body } = call;
    return idempotently(this.db, call, async (tx) => {
      const { attempt, payment } = await knownAttempt(tx, params.attemptId);
      requireLocation(caller, attempt.locationId);
      const { platformFee: fee } = await this.locations.get(caller.organizationId, attempt.locationId);
      const said = byHand(attempt, payment, body, caller.id);
      const [settled] = await settle(tx, [{ attempt, fee, ...said }]);
      if (!settled?.news) throw said.ended;
      return toPaymentAttempt(settled.attempt, settled.payment);
    });
  }
}
