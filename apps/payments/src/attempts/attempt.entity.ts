import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';

export type AttemptKind = 'charge' | 'authorize' | 'increment' | 'capture' | 'void' | 'refund';
/** `lost`: the provider never saw it. */
export type AttemptStatus = 'pending' | 'unknown' | 'approved' | 'declined' | 'lost';

/**
 * One thing that was asked of the provider, written before it is asked. Its id is our reference at the provider: whatever
 * happens to this process, the provider can be asked by it how the attempt ended.
 */
@Entity('payment_attempts')
@Index('payment_attempts_key', ['organizationId', 'route', 'key'], { unique: true })
@Index('payment_attempts_open', ['organizationId', 'paymentId'], {
  unique: true,
  where: `kind <> 'refund' and status in ('pending', 'unknown')`,
})
@Index('payment_attempts_increments', ['organizationId', 'paymentId'], { where: `kind = 'increment'` })
@Index('payment_attempts_booked', ['organizationId', 'paymentId'], { where: `status = 'approved'` })
@Index('payment_attempts_due', ['nextLookAt'], { where: `status in ('pending', 'unknown')` })
@Check('payment_attempts_kind', `kind in ('charge', 'authorize', 'increment', 'capture', 'void', 'refund')`)
@Check('payment_attempts_status', `status in ('pending', 'unknown', 'approved', 'declined', 'lost')`)
@Check('payment_attempts_refund', `(kind = 'refund') = (refund_id is not null)`)
export class AttemptEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'payment_attempts_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'payment_attempts_pkey' })
  id!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'check_id' })
  checkId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'refund_id', nullable: true })
  refundId!: string | null;

  @Column('text')
  kind!: AttemptKind;

  @Column('text')
  status!: AttemptStatus;

  /** Of the bill. */
  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('bigint', { name: 'tip_minor' })
  tip!: number;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  /** The request it belongs to: a repeat finds it by these and asks how it ended, instead of asking anew. */
  @Column('text')
  route!: string;

  @Column('text')
  key!: string;

  /** How often the provider was asked how it ended, and when it is asked next. */
  @Column('int')
  looks!: number;

  @Column('timestamptz', { name: 'next_look_at' })
  nextLookAt!: Date;

  @Column('text', { name: 'decline_code', nullable: true })
  declineCode!: string | null;

  /** Who said how it ended, why, and where it can be read; null where the provider said it. */
  @Column('text', { name: 'settled_by', nullable: true })
  settledBy!: string | null;

  @Column('text', { name: 'settled_reason', nullable: true })
  settledReason!: string | null;

  @Column('text', { name: 'settled_evidence', nullable: true })
  settledEvidence!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

export type AttemptRow = Row<AttemptEntity>;
