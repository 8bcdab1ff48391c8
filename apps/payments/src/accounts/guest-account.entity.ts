import type { GuestAccount, GuestAccountEntry, GuestAccountKind } from '@comanda/contracts';
import type { Row } from '@comanda/platform';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What a guest has with the house: a gift card, paid in advance, or a house account, paid later. The balance is the sum of
 * its entries and never falls below the limit; a gift card's limit is zero. Amounts are minor units of its currency.
 */
@Entity('guest_accounts')
@Index('guest_accounts_number', ['organizationId', 'numberHash'], { unique: true })
@Check('guest_accounts_kind', `kind in ('gift_card', 'house_account')`)
@Check('guest_accounts_numbered', `(kind = 'gift_card') = (number_hash is not null)`)
@Check('guest_accounts_status', `status in ('active', 'blocked')`)
@Check('guest_accounts_floor', 'balance_minor - held_minor + limit_minor >= 0 and least(held_minor, limit_minor) >= 0')
export class GuestAccountEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'guest_accounts_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'guest_accounts_pkey' })
  id!: string;

  @Column('text')
  kind!: GuestAccountKind;

  @Column('text')
  status!: GuestAccount['status'];

  @Column('text', { nullable: true })
  name!: string | null;

  /** A gift card's number is kept nowhere, only a keyed hash of it and its last four letters. */
  @Column('text', { name: 'number_hash', nullable: true })
  numberHash!: string | null;

  @Column('text', { nullable: true })
  last4!: string | null;

  @Column('text')
  currency!: string;

  /** What the house owes the guest; negative where the guest owes the house. */
  @Column('bigint', { name: 'balance_minor' })
  balance!: number;

  /** What refunds of loads under way will take off. */
  @Column('bigint', { name: 'held_minor' })
  held!: number;

  @Column('bigint', { name: 'limit_minor' })
  limit!: number;

  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn!: string | null;

  /** Of what is said about it; its balance moves without one. */
  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

export type GuestAccountRow = Row<GuestAccountEntity>;

/** What moved an account. Known by the payment or refund that moved it, so that neither does so twice. Written once. */
@Entity('guest_account_entries')
@Index('guest_account_entries_account', ['organizationId', 'accountId', 'recordedAt', 'id'])
@Check('guest_account_entries_kind', `kind in ('load', 'payment', 'payment_refund', 'load_refund')`)
export class GuestAccountEntryEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'guest_account_entries_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'guest_account_entries_pkey' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  kind!: GuestAccountEntry['kind'];

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

export type GuestAccountEntryRow = Row<GuestAccountEntryEntity>;
