import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a location began to sell from a menu. Versions have no gaps; the highest is on sale. */
@Entity('publications')
export class PublicationRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'publications_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'publications_pkey' })
  locationId!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'publications_pkey' })
  version!: number;

  @Column('text')
  hash!: string;

  @Column('int')
  items!: number;

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;

  /** The key or token that published it. */
  @Column('text', { name: 'published_by' })
  publishedBy!: string;
}
