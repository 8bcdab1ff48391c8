import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The key of an organization, wrapped by one of the installation. It wraps the keys of its customers. */
@Entity('organization_keys')
export class OrganizationKeyRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'organization_keys_pkey' })
  organizationId!: string;

  @Column('bytea')
  wrapped!: Buffer;
}

/** A customer: points in the clear, everything that says who they are encrypted with a key of their own. */
@Entity('customers')
@Check('customers_erased', 'num_nulls(wrapped_key, particulars) = case when erased_at is null then 0 else 2 end')
@Index('customers_phone', ['organizationId', 'phoneIndex'], { unique: true, where: 'phone_index is not null' })
@Index('customers_email', ['organizationId', 'emailIndex'], { unique: true, where: 'email_index is not null' })
@Index('customers_tier', ['tierCheckedAt'], { where: 'tier is not null' })
@Index('customers_page', ['organizationId', 'createdAt', 'id'])
export class CustomerRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'customers_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pkey' })
  id!: string;

  /** The customer's own key, wrapped by the organization's. Null: erased. */
  @Column('bytea', { name: 'wrapped_key', nullable: true })
  wrappedKey!: Buffer | null;

  /** Name, phone, e-mail and the rest, sealed together. Null: erased. */
  @Column('bytea', { nullable: true })
  particulars!: Buffer | null;

  @Column('text', { name: 'phone_index', nullable: true })
  phoneIndex!: string | null;

  @Column('text', { name: 'email_index', nullable: true })
  emailIndex!: string | null;

  @Column('bigint', { default: 0 })
  points!: number;

  /** The tier they have reached; follows from their points or orders, and is looked at with each and once a day. */
  @Column('text', { nullable: true })
  tier!: string | null;

  @Column('timestamptz', { name: 'tier_checked_at', nullable: true })
  tierCheckedAt!: Date | null;

  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt!: Date | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
