import type { PurchaseOrder } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a location orders from a supplier, and what has come of it. */
@Entity('purchase_orders')
@Check('purchase_orders_status', `status in ('draft', 'sent', 'partly_received', 'received', 'cancelled')`)
@Index('purchase_orders_page', ['organizationId', 'createdAt', 'id'])
export class PurchaseOrderRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'purchase_orders_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'supplier_id' })
  supplierId!: string;

  @Column('text')
  status!: PurchaseOrder['status'];

  @Column('text', { nullable: true })
  reference!: string | null;

  @Column('date', { name: 'expected_on', nullable: true })
  expectedOn!: string | null;

  @Column('text')
  currency!: string;

  @Column('jsonb')
  lines!: PurchaseOrder['lines'];

  @Column('uuid', { name: 'receipt_ids', array: true })
  receiptIds!: string[];

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
