import type { StaffMember } from '@comanda/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('staff')
@Index('staff_page', ['organizationId', 'createdAt', 'id'])
export class StaffMemberRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'staff_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  role!: StaffMember['role'];

  @Column('uuid', { name: 'location_ids', array: true, nullable: true })
  locationIds!: string[] | null;

  @Column('boolean')
  active!: boolean;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
