import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A menu that was published at a location, as the text that is served. It never changes. */
@Entity('menus')
export class MenuRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'menus_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'menus_pkey' })
  locationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'menus_pkey' })
  hash!: string;

  @Column('text')
  body!: string;
}
