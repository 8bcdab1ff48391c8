import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';
import type { Outcome } from './payment-provider.js';

/** A card's money as the sandbox keeps it: the provider's own books, apart from ours. */
@Entity('sandbox_charges')
@Check(
  'sandbox_charges_bounds',
  'refunded_minor <= captured_minor and captured_minor <= authorized_minor + tip_allowance_minor',
)
export class SandboxChargeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'sandbox_charges_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'sandbox_charges_pkey' })
  id!: string;

  @Column('text')
  source!: string;

  @Column('text')
  currency!: string;

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
}

export type SandboxChargeRow = Row<SandboxChargeEntity>;

/** A call as the sandbox answered it, by the caller's reference: the same call again gets the same answer. */
@Entity('sandbox_calls')
@Check('sandbox_calls_kind', `kind in ('authorize', 'capture', 'void', 'refund')`)
export class SandboxCallEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'sandbox_calls_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sandbox_calls_pkey' })
  reference!: string;

  @Column('text')
  kind!: 'authorize' | 'capture' | 'void' | 'refund';

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('jsonb')
  outcome!: Outcome;
}

export type SandboxCallRow = Row<SandboxCallEntity>;
