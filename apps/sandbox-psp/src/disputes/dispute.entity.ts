import type { Row } from '@comanda/platform';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A guest's bank that takes money back. Amounts are minor units; the fee is kept, whoever wins. */
@Entity('disputes')
@Index('disputes_opened', ['organizationId', 'openedAt'])
@Check('disputes_status', `status in ('open', 'won', 'lost')`)
@Check('disputes_closed', `(status = 'open') = (closed_at is null)`)
export class DisputeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'disputes_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'disputes_pkey' })
  id!: string;

  @Column('text', { name: 'charge_id' })
  chargeId!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('bigint', { name: 'fee_minor' })
  fee!: number;

  @Column('text')
  reason!: string;

  @Column('text')
  status!: 'open' | 'won' | 'lost';

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
export type DisputeRow = Row<DisputeEntity>;
