import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Component } from './recipe.js';

/** One row for each organization: its version grows with every change of a recipe, so that a process knows whether the book it holds is the newest. */
@Entity('recipe_books')
export class RecipeBookRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'recipe_books_pkey' })
  organizationId!: string;

  @Column('int')
  version!: number;
}

/** What a recipe is of. What it says is in its versions. */
@Entity('recipes')
@Unique('recipes_subject', ['organizationId', 'of', 'subjectId'])
@Index('recipes_page', ['organizationId', 'createdAt', 'id'])
export class RecipeRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recipes_pkey' })
  id!: string;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  of!: 'variation' | 'modifier';

  @Column('uuid', { name: 'item_id', nullable: true })
  itemId!: string | null;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** A recipe as it holds from a moment on. Append-only. */
@Entity('recipe_versions')
export class RecipeVersionRow {
  @PrimaryColumn('uuid', { name: 'recipe_id', primaryKeyConstraintName: 'recipe_versions_pkey' })
  recipeId!: string;

  @PrimaryColumn('int', { primaryKeyConstraintName: 'recipe_versions_pkey' })
  version!: number;

  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;

  @Column('timestamptz', { name: 'effective_from' })
  effectiveFrom!: Date;

  @Column('jsonb')
  components!: Component[];

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}
