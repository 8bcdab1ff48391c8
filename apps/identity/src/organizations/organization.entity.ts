import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('organizations')
@Check('organizations_own', 'organization_id = id')
@Check('organizations_mode', `mode in ('live', 'test')`)
export class OrganizationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'organizations_pkey' })
  id!: string;

  /** Its own id: row security is the same for every table. */
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  mode!: 'live' | 'test';

  @Column('text', { array: true })
  languages!: string[];

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
