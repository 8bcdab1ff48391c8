import type { Grant, GrantStatus } from '@comanda/contracts';
import { CONFIG, grantKey, newId, type PlatformConfig, signGrant, type Tx } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { OfferRow } from '../offers/offer.entity.js';
import { GrantRow } from './grant.entity.js';

/** For whom and what a grant is. */
export interface Asked {
  readonly customerId: string | null;
  readonly orderId: string | null;
  readonly deviceId: string | null;
  readonly expiresInMinutes: number;
  /** What it cost. */
  readonly points: number;
  readonly now: Date;
}

/** Gives grants: what coupons and rewards come to, signed, so that orders can take it off without asking. */
@Injectable()
export class Grants {
  readonly #key: Buffer;

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#key = grantKey(config.COMANDA_SECRET);
  }

  /** Gives what an offer says, for one order. Whoever calls has taken what it costs. */
  async give(tx: Tx, offer: OfferRow, { points, expiresInMinutes, now, ...holder }: Asked): Promise<Grant> {
    const { organizationId, kind, id: offerId, terms } = offer;
    const { name, gives, conditions, group, priority } = terms;
    const expiresAt = new Date(now.getTime() + expiresInMinutes * MINUTE);
    const grant: Omit<Grant, 'signature'> = {
      id: newId(),
      organizationId,
      source: { kind, id: offerId },
      name,
      ...holder,
      gives,
      conditions,
      group,
      priority,
      expiresAt: expiresAt.toISOString(),
    };
    const { customerId, orderId } = holder;
    const given = { organizationId, id: grant.id, kind, offerId, customerId, orderId, points };
    await tx.insert(GrantRow, { ...given, state: 'reserved', document: grant, expiresAt, createdAt: now });
    return this.sign(grant);
  }

  sign(grant: Omit<Grant, 'signature'>): Grant {
    return signGrant(this.#key, grant);
  }

  /** A grant as it was given, and what became of it. */
  statusOf({ document, state, points, orderId, createdAt }: GrantRow): GrantStatus {
    const came = state === 'used' || state === 'returned';
    return {
      grant: this.sign(document),
      state,
      points,
      usedBy: came ? orderId : null,
      createdAt: createdAt.toISOString(),
    };
  }
}

const MINUTE = 60_000;
