import type { MovementKind } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One change of one stock item. Append-only. */
@Entity('movements')
@Check('movements_kind', `kind in ('receipt', 'sale', 'return', 'waste', 'count', 'adjustment', 'transfer')`)
@Check('movements_counted', `kind <> 'count' or quantity >= 0`)
@Index('movements_newest', ['organizationId', 'occurredAt', 'id'])
@Index('movements_level', ['locationId', 'stockItemId', 'occurredAt', 'id'])
@Index('movements_counts', ['locationId', 'stockItemId', 'occurredAt', 'causeId'], { where: `kind = 'count'` })
@Index('movements_cause', ['causeId'])
export class MovementRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'movements_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'stock_item_id' })
  stockItemId!: string;

  /** The order of a sale or return, else the entry. */
  @Column('uuid', { name: 'cause_id' })
  causeId!: string;

  @Column('text')
  kind!: MovementKind;

  /** What came or went; of a count, what was counted. */
  @Column('bigint')
  quantity!: number;

  @Column('uuid', { name: 'line_id', nullable: true })
  lineId!: string | null;

  @Column('uuid', { name: 'recipe_id', nullable: true })
  recipeId!: string | null;

  @Column('int', { name: 'recipe_version', nullable: true })
  recipeVersion!: number | null;

  /** In millionths of a minor unit, with the sign of the quantity; of a count, what was counted is worth. */
  @Column('bigint', { nullable: true })
  cost!: number | null;

  @Column('text', { nullable: true })
  currency!: string | null;

  /** Of a count: the average at which what is missing is valued. */
  @Column('bigint', { name: 'average_value', nullable: true })
  averageValue!: number | null;

  @Column('bigint', { name: 'average_quantity', nullable: true })
  averageQuantity!: number | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' })
  recordedAt!: Date;
}
