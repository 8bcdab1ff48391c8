import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a guest said of an order. */
@Entity('feedback')
@Check('feedback_score', 'score between 1 and 5')
@Index('feedback_order', ['organizationId', 'orderId'], { unique: true })
@Index('feedback_page', ['organizationId', 'createdAt', 'id'])
@Index('feedback_open', ['organizationId', 'createdAt', 'id'], { where: 'score <= 2 and handled_at is null' })
@Index('feedback_customer', ['organizationId', 'customerId'], { where: 'customer_id is not null' })
export class FeedbackRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'feedback_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'feedback_pkey' })
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: string | null;

  @Column('int')
  score!: number;

  @Column('jsonb')
  tags!: string[];

  /** Sealed with the customer's key; of somebody who is not known, with the organization's. */
  @Column('bytea', { nullable: true })
  words!: Buffer | null;

  @Column('timestamptz', { name: 'handled_at', nullable: true })
  handledAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
