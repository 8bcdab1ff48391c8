import type { FloorPlan } from '@comanda/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the tables of a location stand. A location without a row has an empty plan. */
@Entity('floor_plans')
export class FloorPlanRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'floor_plans_pkey' })
  locationId!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('jsonb')
  areas!: FloorPlan['areas'];

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
