import {
  ChangeCoupon,
  ClaimCoupon,
  type Coupon,
  CreateCoupon,
  type Grant,
  ListCoupons,
  ReadCoupon,
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
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lockReferred } from '../customers/customers.js';
import { Grants } from '../grants/grants.js';
import { lastOrderOf, usesOf } from '../grants/grants.store.js';
import type { OfferRow } from './offer.entity.js';
import { changedOffer, codesOf, type CouponTerms, newOffer, requireClaimable } from './offer.js';
import { couponOf, findOffer, insertOffer, lockOffer, pageOfOffers, saveCodes, saveOffer } from './offers.store.js';

@Controller()
export class CouponsController {
  constructor(
    private readonly db: DataSource,
    private readonly grants: Grants,
  ) {}

  @Endpoint(CreateCoupon)
  create(@Call() call: CallOf<typeof CreateCoupon>): Promise<Answer<Coupon>> {
    const {
      caller: { organizationId },
      body: { id = newId(), active, ...asked },
    } = call;
    return idempotently(this.db, call, async (tx) => {
      const terms = { ...asked, codes: codesOf(asked.codes) };
      const row = newOffer(organizationId, { id, kind: 'coupon', terms, active });
      await insertOffer(tx, row);
      await saveCodes(tx, organizationId, id, terms.codes);
      return toCoupon(row);
    });
  }

  @Endpoint(ListCoupons)
  list(@Call() { caller, query }: CallOf<typeof ListCoupons>) {
    return inTransaction(this.db, caller.organizationId, (tx) => pageOfOffers(tx, 'coupon', query, toCoupon));
  }

  @Endpoint(ReadCoupon)
  read(@Call() { caller, params }: CallOf<typeof ReadCoupon>): Promise<Coupon> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toCoupon(await findOffer(tx, caller.organizationId, 'coupon', params.couponId)),
    );
  }

  @Endpoint(ChangeCoupon)
  change(@Call() call: CallOf<typeof ChangeCoupon>): Promise<Coupon> {
    const {
      caller: { organizationId },
      params: { couponId },
    } = call;
    const { version: _, active, codes, ...asked } = given(call.body);
    return inTransaction(this.db, organizationId, async (tx) => {
      const row = await lockOffer(tx, organizationId, 'coupon', couponId);
      requireVersion(call, toCoupon(row));
      const terms = { ...(row.terms as CouponTerms), ...asked, ...(codes && { codes: codesOf(codes) }) };
      const changed = changedOffer(row, { terms, active });
      await saveOffer(tx, changed);
      if (codes) await saveCodes(tx, organizationId, couponId, terms.codes);
      return toCoupon(changed);
    });
  }

  @Endpoint(ClaimCoupon)
  claim(@Call() call: CallOf<typeof ClaimCoupon>): Promise<Answer<Grant>> {
    const {
      caller: { organizationId },
      body: { code, orderId, customerId, expiresInMinutes },
    } = call;
    return idempotently(this.db, call, async (tx) => {
      const couponId = await couponOf(tx, organizationId, code);
      if (customerId) await lockReferred(tx, organizationId, customerId);
      const coupon = await lockOffer(tx, organizationId, 'coupon', couponId);
      const now = new Date();
      const out = await usesOf(tx, organizationId, { couponId, customerId, orderId });
      const lastOrderAt = customerId ? await lastOrderOf(tx, organizationId, customerId, orderId) : null;
      const uses = { all: coupon.uses, ...out };
      requireClaimable({ ...coupon, terms: coupon.terms as CouponTerms }, { now, customerId, lastOrderAt, uses });
      await saveOffer(tx, { ...coupon, uses: coupon.uses + 1 });
      return this.grants.give(tx, coupon, { customerId, orderId, deviceId: null, expiresInMinutes, points: 0, now });
    });
  }
}

function toCoupon({ id, terms, active, uses, version, createdAt, updatedAt }: OfferRow): Coupon {
  return {
    id,
    ...(terms as CouponTerms),
    active,
    uses,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
