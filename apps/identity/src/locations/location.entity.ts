import type { Location, LocationPoliciesChange } from '@comanda/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('locations')
@Index('locations_page', ['organizationId', 'createdAt', 'id'])
export class LocationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'locations_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  currency!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  @Column('int', { name: 'closing_hour' })
  closingHour!: number;

  @Column('jsonb')
  jurisdiction!: Location['jurisdiction'];

  @Column('jsonb', { name: 'cash_rounding', nullable: true })
  cashRounding!: Location['cashRounding'];

  @Column('jsonb', { name: 'platform_fee' })
  platformFee!: Location['platformFee'];

  /** What was said of them; the rest is as usual. */
  @Column('jsonb', { nullable: true })
  policies!: LocationPoliciesChange | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
