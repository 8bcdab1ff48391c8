import type { Dispute } from '@comanda/contracts';
import type { Row } from '@comanda/platform';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A guest's bank that asks for the money of a payment back. Amounts are minor units of the payment's currency. */
@Entity('disputes')
@Index('disputes_provider_reference', ['organizationId', 'providerReference'], { unique: true })
@Index('disputes_payment', ['organizationId', 'paymentId'])
@Check('disputes_status', `status in ('open', 'won', 'lost')`)
@Check('disputes_closed', `(status = 'open') = (closed_at is null)`)
export class DisputeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'disputes_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'disputes_pkey' })
  id!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  /** The provider's name for it. */
  @Column('text', { name: 'provider_reference' })
  providerReference!: string;

  @Column('text')
  status!: Dispute['status'];

  @Column('text')
  reason!: string;

  @Column('text')
  currency!: string;

  /** What the provider took back. */
  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  /** What of it was paid of the bill and as a tip, and had not gone back before: held, so that it does not go back twice. */
  @Column('bigint', { name: 'of_bill_minor' })
  ofBill!: number;

  @Column('bigint', { name: 'of_tip_minor' })
  ofTip!: number;

  @Column('bigint', { name: 'provider_fee_minor' })
  providerFee!: number;

  @Column('bigint', { name: 'platform_fee_minor' })
  platformFee!: number;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}

export type DisputeRow = Row<DisputeEntity>;
