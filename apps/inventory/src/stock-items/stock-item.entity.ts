import type { Unit } from '@comanda/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that is kept in stock. */
@Entity('stock_items')
@Index('stock_items_page', ['organizationId', 'createdAt', 'id'])
export class StockItemRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'stock_items_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  unit!: Unit;

  @Column('bigint', { name: 'low_at', nullable: true })
  lowAt!: number | null;

  @Column('bigint', { name: 'recovered_at', nullable: true })
  recoveredAt!: number | null;

  @Column('bigint', { nullable: true })
  floor!: number | null;

  @Column('bigint', { name: 'piece_weight_mg', nullable: true })
  pieceWeightMg!: number | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
