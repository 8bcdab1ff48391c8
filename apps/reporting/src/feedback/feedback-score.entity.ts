import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a guest thought of an order, from 1 to 5. */
@Entity('feedback_scores')
@Index('feedback_scores_order', ['organizationId', 'orderId'])
export class FeedbackScoreRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'feedback_scores_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'feedback_id', primaryKeyConstraintName: 'feedback_scores_pkey' })
  feedbackId!: string;

  @Column('int')
  version!: number;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('int')
  score!: number;
}
