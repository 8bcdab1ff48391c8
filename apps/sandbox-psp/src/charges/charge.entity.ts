import type { Row } from '@comanda/platform';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Operation } from '../faults/manner.js';
import type { Outcome } from './charge.js';

/** A guest's money, as the sandbox holds it for an account. Amounts are minor units. */
@Entity('charges')
@Check(
  'charges_bounds',
  'refunded_minor <= captured_minor and captured_minor <= authorized_minor + tip_allowance_minor',
)
export class ChargeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'charges_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'charges_pkey' })
  id!: string;

  @Column('text')
  source!: string;

  @Column('text')
  currency!: string;

  /** Whether it holds money that may still be captured. */
  @Column('boolean')
  open!: boolean;

  @Column('bigint', { name: 'authorized_minor' })
  authorized!: number;

  @Column('bigint', { name: 'tip_allowance_minor' })
  tipAllowance!: number;

  @Column('bigint', { name: 'captured_minor' })
  captured!: number;

  @Column('bigint', { name: 'refunded_minor' })
  refunded!: number;

  @Column('bigint', { name: 'fee_minor' })
  fee!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
export type ChargeRow = Row<ChargeEntity>;

/** A call as it was answered, by the caller's reference: the same call again gets the same answer. */
@Entity('calls')
@Index('calls_moved', ['organizationId', 'createdAt', 'reference'], { where: 'moved_minor <> 0' })
@Check('calls_kind', `kind in ('authorize', 'increment', 'capture', 'void', 'refund')`)
export class CallEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'calls_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'calls_pkey' })
  reference!: string;

  @Column('text')
  kind!: Exclude<Operation, 'lookup' | 'code' | 'settlement'>;

  @Column('text', { name: 'charge_id', nullable: true })
  chargeId!: string | null;

  @Column('text')
  currency!: string;

  /** What it moved: money that came in is positive, money sent back negative. */
  @Column('bigint', { name: 'moved_minor' })
  moved!: number;

  @Column('bigint', { name: 'fee_minor' })
  fee!: number;

  @Column('jsonb')
  outcome!: Outcome;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
export type CallRow = Row<CallEntity>;
