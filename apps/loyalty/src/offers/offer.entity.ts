import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Terms } from './offer.js';

/** A coupon or a reward: what it gives and when, as its terms say. */
@Entity('offers')
@Check('offers_kind', `kind in ('coupon', 'reward')`)
@Index('offers_page', ['organizationId', 'kind', 'createdAt', 'id'])
export class OfferRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'offers_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'offers_pkey' })
  id!: string;

  @Column('text')
  kind!: 'coupon' | 'reward';

  @Column('jsonb')
  terms!: Terms;

  @Column('boolean')
  active!: boolean;

  /** How many grants of a coupon are out: on an order, or not yet. */
  @Column('int', { default: 0 })
  uses!: number;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

/** What a guest says to get a coupon; in capitals. */
@Entity('coupon_codes')
@Index('coupon_codes_coupon', ['organizationId', 'couponId'])
export class CouponCodeRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'coupon_codes_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'coupon_codes_pkey' })
  code!: string;

  @Column('uuid', { name: 'coupon_id' })
  couponId!: string;
}
