import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A draft object: such as a category or an item, in the shape that its contract gives it. */
@Entity('catalog_objects')
@Check(
  'catalog_objects_kind',
  `kind in ('category', 'item', 'modifier_group', 'tax', 'service_charge', 'schedule', 'location_group')`,
)
@Index('catalog_objects_live', ['organizationId', 'kind', 'id'], { where: 'archived_at is null' })
export class CatalogObjectRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'catalog_objects_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'catalog_objects_pkey' })
  id!: string;

  @Column('text')
  kind!: string;

  @Column('int')
  version!: number;

  @Column('jsonb')
  data!: object;

  @Column('timestamptz', { name: 'archived_at', nullable: true })
  archivedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
