import type { RefundState } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';

/** Money that goes back to the guest of one payment. Amounts are minor units of the payment's currency. */
@Entity('refunds')
@Index('refunds_payment', ['organizationId', 'paymentId', 'recordedAt', 'id'])
@Index('refunds_return', ['organizationId', 'returnId'], { where: 'return_id is not null' })
@Check('refunds_claim', '(return_id is null) = (claimed_tax_minor is null)')
@Check('refunds_status', `status in ('pending', 'succeeded', 'failed', 'unknown')`)
@Check('refunds_amounts', 'least(amount_minor, tip_minor, amount_minor + rounding_minor, fee_minor) >= 0')
export class RefundEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'refunds_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'refunds_pkey' })
  id!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('text')
  status!: RefundState;

  @Column('text')
  currency!: string;

  /** Of the bill. */
  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('bigint', { name: 'tip_minor' })
  tip!: number;

  /** What follows from them once it succeeded; zero before. */
  @Column('bigint', { name: 'rounding_minor' })
  rounding!: number;

  @Column('bigint', { name: 'fee_minor' })
  fee!: number;

  @Column('bigint', { name: 'tax_minor' })
  tax!: number;

  /** The return that it answers, if it does. */
  @Column('uuid', { name: 'return_id', nullable: true })
  returnId!: string | null;

  /** How much tax goes back by the claim of that return. */
  @Column('bigint', { name: 'claimed_tax_minor', nullable: true })
  claimedTax!: number | null;

  @Column('text')
  reason!: string;

  @Column('text', { name: 'decline_code', nullable: true })
  declineCode!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

export type RefundRow = Row<RefundEntity>;
