import type { GuestAccountKind, PaymentMethod, PaymentState } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';

/** A tender: cash in the drawer, or a card's money at the provider. Amounts are minor units of its currency. */
@Entity('payments')
@Index('payments_page', ['organizationId', 'occurredAt', 'id'])
@Index('payments_day', ['organizationId', 'locationId', 'businessDate'])
@Index('payments_order', ['organizationId', 'orderId'])
@Index('payments_check', ['organizationId', 'checkId'])
@Index('payments_late_declines', ['organizationId', 'occurredAt', 'id'], { where: `offline and status = 'declined'` })
@Index('payments_provider_reference', ['organizationId', 'providerReference'], {
  where: 'provider_reference is not null',
})
@Index('payments_authorized', ['recordedAt', 'id'], { where: `status = 'authorized'` })
@Index('payments_holding', ['organizationId', 'checkId'], { where: `status = 'authorized' and hold_minor is not null` })
@Check('payments_method', `method in ('cash', 'card', 'wallet', 'gift_card', 'house_account')`)
@Check('payments_dispute', `dispute_status in ('open', 'won', 'lost')`)
@Check('payments_loads', `loads is null or (loads in ('gift_card', 'house_account') and account_id is not null)`)
@Check('payments_status', `status in ('pending', 'authorized', 'captured', 'declined', 'voided', 'unknown')`)
@Check(
  'payments_amounts',
  'least(amount_minor, amount_minor + rounding_minor, tip_minor, fee_minor, tendered_minor, change_minor) >= 0',
)
@Check('payments_hold', 'hold_minor > 0')
@Check('payments_refunds', 'least(refunded_minor, refunded_tip_minor, refunding_minor, refunding_tip_minor) >= 0')
@Check(
  'payments_refunded',
  'refunded_minor + refunding_minor <= amount_minor and refunded_tip_minor + refunding_tip_minor <= tip_minor',
)
export class PaymentEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'payments_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'payments_pkey' })
  id!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'check_id' })
  checkId!: string;

  @Column('text')
  method!: PaymentMethod;

  @Column('text')
  status!: PaymentState;

  @Column('text')
  currency!: string;

  /** Of the bill, before cash rounding. */
  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('bigint', { name: 'rounding_minor' })
  rounding!: number;

  @Column('bigint', { name: 'tip_minor' })
  tip!: number;

  @Column('bigint', { name: 'tendered_minor', nullable: true })
  tendered!: number | null;

  @Column('bigint', { name: 'change_minor', nullable: true })
  change!: number | null;

  /** The tax leg of its capture; zero before. */
  @Column('bigint', { name: 'tax_minor' })
  tax!: number;

  /** The platform fee of its capture; zero before. */
  @Column('bigint', { name: 'fee_minor' })
  fee!: number;

  /** What the provider holds or held for it, tip included, and how much more it lets a tip take. */
  @Column('bigint', { name: 'authorized_minor' })
  authorized!: number;

  @Column('bigint', { name: 'tip_allowance_minor' })
  tipAllowance!: number;

  /**
   * What it was to hold for a tab, and by what more is held as the tab grows; null where it pays a part of its bill. Its
   * amount is zero while it only holds.
   */
  @Column('bigint', { name: 'hold_minor', nullable: true })
  hold!: number | null;

  /** What went back of the amount and of the tip. */
  @Column('bigint', { name: 'refunded_minor' })
  refunded!: number;

  @Column('bigint', { name: 'refunded_tip_minor' })
  refundedTip!: number;

  /** What refunds under way hold of the amount and of the tip. */
  @Column('bigint', { name: 'refunding_minor' })
  refunding!: number;

  @Column('bigint', { name: 'refunding_tip_minor' })
  refundingTip!: number;

  @Column('text', { name: 'card_brand', nullable: true })
  cardBrand!: string | null;

  @Column('text', { name: 'card_last4', nullable: true })
  cardLast4!: string | null;

  /** What the guest scans to pay, and until when; the latter also where the guest's own code was scanned. */
  @Column('text', { name: 'code_content', nullable: true })
  codeContent!: string | null;

  @Column('timestamptz', { name: 'code_expires_at', nullable: true })
  codeExpiresAt!: Date | null;

  /** The account at the provider where its money is, by our name for it. */
  @Column('text', { nullable: true })
  provider!: string | null;

  /** What it puts money on, where its bill does; otherwise the account is what it was paid with. */
  @Column('text', { nullable: true })
  loads!: GuestAccountKind | null;

  @Column('uuid', { name: 'account_id', nullable: true })
  accountId!: string | null;

  @Column('text', { name: 'provider_reference', nullable: true })
  providerReference!: string | null;

  @Column('text', { name: 'decline_code', nullable: true })
  declineCode!: string | null;

  /** Its last dispute, and what the provider took back for it. */
  @Column('text', { name: 'dispute_status', nullable: true })
  disputeStatus!: 'open' | 'won' | 'lost' | null;

  @Column('bigint', { name: 'disputed_minor', default: 0 })
  disputed!: number;

  @Column('boolean')
  offline!: boolean;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('text', { name: 'taken_by' })
  takenBy!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  /** Its first event has version 1, so while it is pending nobody has heard of it. */
  @Column('int')
  version!: number;
}

export type PaymentRow = Row<PaymentEntity>;
