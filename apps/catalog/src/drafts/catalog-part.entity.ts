import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A part that others name by its own id: a variation of an item, a modifier of a group. The row stays when the part is
 * taken out, so that its id never means something else; its code is free again.
 */
@Entity('catalog_parts')
@Index('catalog_parts_sku', ['organizationId', 'sku'], { unique: true })
@Index('catalog_parts_object', ['organizationId', 'objectId'])
export class CatalogPartRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'catalog_parts_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'catalog_parts_pkey' })
  id!: string;

  @Column('uuid', { name: 'object_id' })
  objectId!: string;

  @Column('text', { nullable: true })
  sku!: string | null;
}
