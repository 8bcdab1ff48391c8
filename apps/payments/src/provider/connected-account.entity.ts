import type { Row } from '@comanda/platform';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An organization's own account at a payment provider. It stays: what was paid goes back from where it is. */
@Entity('connected_accounts')
@Index('connected_accounts_account', ['provider', 'account'], { unique: true })
export class ConnectedAccountEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'connected_accounts_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'connected_accounts_pkey' })
  provider!: string;

  /** The provider's own name for it. */
  @Column('text')
  account!: string;

  @Column('text', { name: 'connected_by' })
  connectedBy!: string;

  @Column('timestamptz', { name: 'connected_at' })
  connectedAt!: Date;
}
export type ConnectedAccountRow = Row<ConnectedAccountEntity>;
