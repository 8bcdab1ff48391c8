import {
  ChangeReward,
  CreateReward,
  type Grant,
  ListRewards,
  ReadReward,
  ReserveReward,
  type Reward,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  newId,
  Refusal,
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lockReferred } from '../customers/customers.js';
import { Grants } from '../grants/grants.js';
import { book } from '../points/book.js';
import type { OfferRow } from './offer.entity.js';
import { changedOffer, newOffer, type RewardTerms } from './offer.js';
import { findOffer, insertOffer, lockOffer, pageOfOffers, saveOffer } from './offers.store.js';

@Controller()
export class RewardsController {
  constructor(
    private readonly db: DataSource,
    private readonly grants: Grants,
  ) {}

  @Endpoint(CreateReward)
  create(@Call() call: CallOf<typeof CreateReward>): Promise<Answer<Reward>> {
    const {
      caller: { organizationId },
      body: { id = newId(), active, ...terms },
    } = call;
    return idempotently(this.db, call, async (tx) => {
      const row = newOffer(organizationId, { id, kind: 'reward', terms, active });
      await insertOffer(tx, row);
      return toReward(row);
    });
  }

  @Endpoint(ListRewards)
  list(@Call() { caller, query }: CallOf<typeof ListRewards>) {
    return inTransaction(this.db, caller.organizationId, (tx) => pageOfOffers(tx, 'reward', query, toReward));
  }

  @Endpoint(ReadReward)
  read(@Call() { caller, params }: CallOf<typeof ReadReward>): Promise<Reward> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toReward(await findOffer(tx, caller.organizationId, 'reward', params.rewardId)),
    );
  }

  @Endpoint(ChangeReward)
  change(@Call() call: CallOf<typeof ChangeReward>): Promise<Reward> {
    const { caller, params } = call;
    const { version: _, active, ...terms } = given(call.body);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const row = await lockOffer(tx, caller.organizationId, 'reward', params.rewardId);
      requireVersion(call, toReward(row));
      const changed = changedOffer(row, { terms: { ...(row.terms as RewardTerms), ...terms }, active });
      await saveOffer(tx, changed);
      return toReward(changed);
    });
  }

  @Endpoint(ReserveReward)
  reserve(@Call() call: CallOf<typeof ReserveReward>): Promise<Answer<Grant>> {
    const {
      caller: { organizationId },
      params: { rewardId },
      body: { customerId, orderId, deviceId, expiresInMinutes },
    } = call;
    return idempotently(this.db, call, async (tx) => {
      const reward = await findOffer(tx, organizationId, 'reward', rewardId);
      if (!reward.active) throw new Refusal('offer_not_available', 'The reward has been withdrawn.');
      const { name, points } = reward.terms as RewardTerms;
      const customer = await lockReferred(tx, organizationId, customerId);
      if (customer.points < points)
        throw new Refusal('points_insufficient', `The customer has ${customer.points} points.`, {
          points: customer.points,
        });
      const now = new Date();
      const move = { customerId, kind: 'redeem', orderId, paymentId: null, reason: name, occurredAt: now } as const;
      await book(tx, organizationId, [{ ...move, points: -points }]);
      return this.grants.give(tx, reward, { customerId, orderId, deviceId, expiresInMinutes, points, now });
    });
  }
}

function toReward({ id, terms, active, version, createdAt, updatedAt }: OfferRow): Reward {
  return {
    id,
    ...(terms as RewardTerms),
    active,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
