import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one order that a grant which is not for a certain order was used on. */
@Entity('used_grants')
export class UsedGrantRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'used_grants_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'grant_id', primaryKeyConstraintName: 'used_grants_pkey' })
  grantId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;
}
