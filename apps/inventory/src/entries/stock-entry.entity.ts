import type { StockEntry } from '@comanda/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** What was entered by hand: a receipt, a count, waste, an adjustment. What it moved is in its movements. Append-only. */
@Entity('stock_entries')
@Check('stock_entries_kind', `kind in ('receipt', 'count', 'waste', 'adjustment')`)
export class StockEntryRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'stock_entries_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  kind!: StockEntry['kind'];

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('text', { nullable: true })
  reference!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  /** The credential. */
  @Column('text', { name: 'recorded_by' })
  recordedBy!: string;
}
