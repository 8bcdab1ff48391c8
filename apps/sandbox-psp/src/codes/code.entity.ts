import type { Row } from '@comanda/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A code that a guest pays with a wallet: shown by the merchant, or the guest's own, once it was scanned. */
@Entity('codes')
export class CodeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'codes_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'codes_pkey' })
  reference!: string;

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;

  @Column('text')
  currency!: string;

  /** What the picture of squares says. */
  @Column('text')
  content!: string;

  @Column('boolean')
  cancelled!: boolean;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
export type CodeRow = Row<CodeEntity>;
