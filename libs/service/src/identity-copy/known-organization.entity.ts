import { Column, Entity, PrimaryColumn } from 'typeorm';

/** This service's copy of an organization. */
@Entity('known_organizations')
export class KnownOrganizationRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'known_organizations_pkey' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  mode!: 'live' | 'test';

  @Column('text', { array: true })
  languages!: string[];

  @Column('int')
  version!: number;
}
