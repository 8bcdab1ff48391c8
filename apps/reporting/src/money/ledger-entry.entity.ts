import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A transaction of the ledger, an amount for each account: what came in is positive, whose it is also. */
@Entity('ledger_entries')
@Index('ledger_entries_day', ['organizationId', 'businessDate'])
@Index('ledger_entries_order', ['organizationId', 'orderId'])
export class LedgerEntryRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'ledger_entries_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'transaction_id', primaryKeyConstraintName: 'ledger_entries_pkey' })
  transactionId!: string;

  @Column('int')
  version!: number;

  @Column('text')
  kind!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('text')
  currency!: string;

  @Column('bigint')
  collected!: number;

  @Column('bigint')
  merchant!: number;

  @Column('bigint')
  tax!: number;

  @Column('bigint')
  tip!: number;

  @Column('bigint', { name: 'provider_fee' })
  providerFee!: number;

  @Column('bigint', { name: 'platform_fee' })
  platformFee!: number;

  @Column('bigint')
  rounding!: number;

  /** Put on gift cards and house accounts: the guest's, and no revenue. */
  @Column('bigint', { default: 0 })
  loaded!: number;

  /** From when it happened until it was recorded. */
  @Column('bigint', { name: 'delay_ms', nullable: true })
  delayMs!: number | null;
}
