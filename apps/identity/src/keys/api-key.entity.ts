import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An API key, without the key: a keyed hash is all that is kept. */
@Entity('api_keys')
@Index('api_keys_page', ['organizationId', 'createdAt', 'id'])
export class ApiKeyRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_keys_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  hash!: string;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('uuid', { name: 'location_ids', array: true, nullable: true })
  locationIds!: string[] | null;

  @Column('int', { name: 'rate_per_second', nullable: true })
  ratePerSecond!: number | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  /** The key it replaces. */
  @Column('uuid', { nullable: true })
  rotates!: string | null;

  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
