import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A part of what an order comes to: a line, a service charge, what was voided or waived, or, below zero, what went back. */
@Entity('sale_parts')
@Check('sale_parts_kind', `kind in ('line', 'charge', 'void', 'return', 'waiver')`)
@Check('sale_parts_total', `total = net + charge + tax`)
@Index('sale_parts_day', ['organizationId', 'businessDate'])
export class SalePartRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'sale_parts_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'sale_parts_pkey' })
  orderId!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'sale_parts_pkey' })
  position!: number;

  @Column('text')
  kind!: string;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('uuid', { name: 'line_id', nullable: true })
  lineId!: string | null;

  @Column('uuid', { name: 'item_id', nullable: true })
  itemId!: string | null;

  @Column('uuid', { name: 'variation_id', nullable: true })
  variationId!: string | null;

  @Column('uuid', { name: 'category_id', nullable: true })
  categoryId!: string | null;

  @Column('jsonb', { name: 'item_name' })
  itemName!: object;

  @Column('jsonb', { name: 'variation_name', nullable: true })
  variationName!: object | null;

  @Column('bigint')
  quantity!: number;

  @Column('bigint')
  gross!: number;

  @Column('bigint')
  discount!: number;

  @Column('bigint')
  net!: number;

  @Column('bigint')
  charge!: number;

  @Column('bigint')
  tax!: number;

  @Column('bigint')
  total!: number;

  @Column('jsonb')
  taxes!: object;

  @Column('jsonb')
  discounts!: object;

  @Column('jsonb')
  charges!: object;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { name: 'voided_by', nullable: true })
  voidedBy!: string | null;

  @Column('text', { name: 'approved_by', nullable: true })
  approvedBy!: string | null;

  @Column('boolean', { nullable: true })
  sent!: boolean | null;
}
