import type { GuestAccountKind } from '@comanda/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';

/** What payments knows of a check: what it comes to, and what has been done about it. Amounts are minor units of its currency. */
@Entity('bills')
@Check(
  'bills_amounts',
  'least(total_minor, tax_minor, settled_minor, refunded_minor, forgiven_minor, pending_minor, authorized_minor) >= 0',
)
@Check('bills_refunded', 'refunded_minor <= settled_minor')
@Check('bills_loads', `loads is null or (loads in ('gift_card', 'house_account') and account_id is not null)`)
export class BillEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'bills_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'check_id', primaryKeyConstraintName: 'bills_pkey' })
  checkId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  /** Of the check, as orders counts it: the highest seen. */
  @Column('int')
  version!: number;

  /** Of the order; null until its first event arrives where the bill that was shown does not say it. */
  @Column('date', { name: 'business_date', nullable: true })
  businessDate!: string | null;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'total_minor' })
  total!: number;

  /** How much of the total is tax. */
  @Column('bigint', { name: 'tax_minor' })
  tax!: number;

  /** Captured payments, before cash rounding and without tips. */
  @Column('bigint', { name: 'settled_minor', default: 0 })
  settled!: number;

  /** What of them went back. */
  @Column('bigint', { name: 'refunded_minor', default: 0 })
  refunded!: number;

  /** The part of the refunds that answers no fallen total: a kindness, which makes nothing due again. */
  @Column('bigint', { name: 'forgiven_minor', default: 0 })
  forgiven!: number;

  /** Held by payments whose outcome is not known yet. */
  @Column('bigint', { name: 'pending_minor', default: 0 })
  pending!: number;

  /** Held by authorisations that may yet be captured. */
  @Column('bigint', { name: 'authorized_minor', default: 0 })
  authorized!: number;

  /** The tax that its ledger transactions hold, less what refunds reversed. */
  @Column('bigint', { name: 'taxed_minor', default: 0 })
  taxed!: number;

  /** What it puts money on, and which one: then it is of no order. */
  @Column('text', { nullable: true })
  loads!: GuestAccountKind | null;

  @Column('uuid', { name: 'account_id', nullable: true })
  accountId!: string | null;
}

export type BillRow = Row<BillEntity>;
