import type { TransferStatus } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { TransferLine } from './transfer.js';

/** Stock on its way from one location to another. What it moved at both is in its movements. */
@Entity('transfers')
@Check('transfers_status', `status in ('shipped', 'partly_received', 'received', 'closed')`)
@Index('transfers_page', ['organizationId', 'createdAt', 'id'])
export class TransferRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'transfers_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'from_location_id' })
  fromLocationId!: string;

  @Column('uuid', { name: 'to_location_id' })
  toLocationId!: string;

  @Column('text')
  status!: TransferStatus;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('jsonb')
  lines!: TransferLine[];

  /** How many `stock.moved` there have been for it. */
  @Column('int')
  moves!: number;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'shipped_at' })
  shippedAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
