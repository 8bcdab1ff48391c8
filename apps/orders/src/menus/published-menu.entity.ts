import type { Menu } from '@comanda/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A menu that a location published. Its body is null until it has been fetched from catalog; then it never changes. */
@Entity('published_menus')
@Index('published_menus_current', ['locationId', 'version'], { where: 'body is not null' })
@Index('published_menus_wanted', ['nextTryAt'], { where: 'body is null' })
export class PublishedMenuRow {
  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'published_menus_pkey' })
  locationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'published_menus_pkey' })
  hash!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  /** Of the location's menus the highest that has been fetched is the one on sale. */
  @Column('int')
  version!: number;

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;

  @Column('json', { nullable: true })
  body!: Menu | null;

  @Column('int', { default: 0 })
  tries!: number;

  @Column('timestamptz', { name: 'next_try_at', default: () => 'now()' })
  nextTryAt!: Date;
}
