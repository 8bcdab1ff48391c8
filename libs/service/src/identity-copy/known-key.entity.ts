import { Column, Entity, PrimaryColumn } from 'typeorm';

/** This service's copy of an API key: never the key, only its keyed hash. */
@Entity('known_keys')
export class KnownKeyRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'known_keys_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

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

  @Column('int')
  version!: number;
}
