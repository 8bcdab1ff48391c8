import type { ItemOverride } from '@comanda/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is different about an item at a location. A removed one keeps its row, so that its versions go on. */
@Entity('item_overrides')
export class ItemOverrideRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'item_overrides_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'item_overrides_pkey' })
  locationId!: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'item_overrides_pkey' })
  itemId!: string;

  @Column('boolean', { nullable: true })
  present!: boolean | null;

  @Column('jsonb')
  variations!: ItemOverride['variations'];

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
