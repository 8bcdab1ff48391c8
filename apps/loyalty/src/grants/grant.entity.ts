import type { Grant, GrantStatus } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A grant that was given, and what became of it. */
@Entity('grants')
@Check('grants_kind', `kind in ('coupon', 'reward')`)
@Check('grants_state', `state in ('reserved', 'used', 'returned', 'released')`)
@Index('grants_due', ['expiresAt'], { where: `state = 'reserved'` })
@Index('grants_of_customer', ['organizationId', 'offerId', 'customerId'], { where: 'customer_id is not null' })
@Index('grants_of_order', ['organizationId', 'offerId', 'orderId'], { where: 'order_id is not null' })
export class GrantRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'grants_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'grants_pkey' })
  id!: string;

  @Column('text')
  kind!: 'coupon' | 'reward';

  @Column('uuid', { name: 'offer_id' })
  offerId!: string;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  /** The order it is for, or came on; null of a till's that has not been used. */
  @Column('uuid', { name: 'order_id', nullable: true })
  orderId!: string | null;

  /** What it cost; 0 of a coupon. */
  @Column('bigint')
  points!: number;

  @Column('text')
  state!: GrantStatus['state'];

  /** The version of its order that was heard of last. */
  @Column('int', { name: 'order_version', nullable: true })
  orderVersion!: number | null;

  /** As it was given, without the signature. */
  @Column('jsonb')
  document!: Omit<Grant, 'signature'>;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
