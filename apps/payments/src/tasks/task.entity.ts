import type { PaymentTask } from '@comanda/contracts';
import type { Row } from '@comanda/platform';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something about a payment that a person has to look at: once for what it is about. */
@Entity('payment_tasks')
@Index('payment_tasks_subject', ['organizationId', 'kind', 'subjectId'], { unique: true })
@Check(
  'payment_tasks_kind',
  `kind in ('late_decline', 'unknown_outcome', 'authorization_open', 'authorization_expiring', 'dispute', 'paid_late', 'tab_outgrown')`,
)
export class TaskEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'payment_tasks_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'payment_tasks_pkey' })
  id!: string;

  @Column('text')
  kind!: PaymentTask['kind'];

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'check_id' })
  checkId!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('timestamptz', { name: 'raised_at' })
  raisedAt!: Date;

  @Column('timestamptz', { name: 'done_at', nullable: true })
  doneAt!: Date | null;

  @Column('text', { name: 'done_by', nullable: true })
  doneBy!: string | null;
}

export type TaskRow = Row<TaskEntity>;
