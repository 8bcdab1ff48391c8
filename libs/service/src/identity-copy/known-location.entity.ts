import type { Location, LocationPolicies } from '@comanda/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** This service's copy of a location. */
@Entity('known_locations')
export class KnownLocationRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'known_locations_pkey' })
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

  /** Null where nothing was told of them: the usual ones. */
  @Column('jsonb', { nullable: true })
  policies!: LocationPolicies | null;

  @Column('int')
  version!: number;
}
