import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody from whom stock is bought. */
@Entity('suppliers')
@Index('suppliers_page', ['organizationId', 'createdAt', 'id'])
export class SupplierRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'suppliers_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('boolean')
  active!: boolean;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
