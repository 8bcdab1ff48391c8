import type { Row } from '@comanda/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A webhook of a provider that has had its effect: the same one again has none. */
@Entity('provider_notices')
export class NoticeEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'provider_notices_pkey' })
  organizationId!: string;

  /** The account, by our name for it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'provider_notices_pkey' })
  provider!: string;

  /** The provider's own. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'provider_notices_pkey' })
  id!: string;

  @Column('text')
  type!: string;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;
}
export type NoticeRow = Row<NoticeEntity>;
