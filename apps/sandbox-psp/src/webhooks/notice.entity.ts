import type { Row } from '@comanda/platform';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What is to be told by webhook, until somebody took it. */
@Entity('notices')
@Index('notices_due', ['dueAt'], { where: 'due_at is not null' })
export class NoticeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'notices_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notices_pkey' })
  id!: string;

  @Column('text')
  type!: NoticeType;

  @Column('jsonb')
  data!: object;

  @Column('int')
  tries!: number;

  /** When it is sent next; null once it was taken, or given up. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
export type NoticeRow = Row<NoticeEntity>;

export type NoticeType = 'call.ended' | 'dispute.opened' | 'dispute.closed';
