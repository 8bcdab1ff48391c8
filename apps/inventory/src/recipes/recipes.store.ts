import type { Tx } from '@comanda/platform';
import type { Component, KnownRecipe, RecipeVersion, Subject, WrittenRecipe } from './recipe.js';
import { RecipeBook } from './recipe-book.js';

/** The version of the organization's book; 0 when it has no recipes. */
export async function readBookVersion(tx: Tx): Promise<number> {
  const [row] = await tx.sql<{ version: number }[]>`select version from recipe_books`;
  return row?.version ?? 0;
}

/** Turns the page of the organization's book; whoever else changes a recipe waits until the transaction ends. */
export async function turnPage(tx: Tx, organizationId: string): Promise<void> {
  await tx.sql`
    insert into recipe_books as book (organization_id, version) values (${organizationId}, 1)
    on conflict (organization_id) do update set version = book.version + 1`;
}

/** All recipes of the organization in all their versions. */
export async function readBook(tx: Tx): Promise<RecipeBook> {
  // One statement, so that the version is that of the very recipes.
  const [book] = await tx.sql<{ version: number; recipes: StoredRecipe[] }[]>`
    select coalesce((select version from recipe_books), 0) as version, coalesce((
      select json_agg(recipe) from (
        select recipe.id, recipe."of", recipe.item_id as "itemId", recipe.subject_id as "subjectId", json_agg(
          json_build_object('version', held.version, 'effectiveFrom', held.effective_from, 'components', held.components, 'recordedAt', held.recorded_at)
          order by held.version) as versions
        from recipes recipe join recipe_versions held on held.recipe_id = recipe.id group by recipe.id
      ) recipe), '[]') as recipes`;
  return new RecipeBook(book?.version ?? 0, (book?.recipes ?? []).map(toKnownRecipe));
}

/** The recipes there are of some subjects. */
export async function readRecipes(tx: Tx, subjects: readonly Subject[]): Promise<KnownRecipe[]> {
  const ids = subjects.map(({ subjectId }) => subjectId);
  const rows = await tx.sql<StoredRecipe[]>`
    select recipe.id, recipe."of", recipe.item_id as "itemId", recipe.subject_id as "subjectId", json_agg(
      json_build_object('version', held.version, 'effectiveFrom', held.effective_from, 'components', held.components, 'recordedAt', held.recorded_at)
      order by held.version) as versions
    from recipes recipe join recipe_versions held on held.recipe_id = recipe.id
    where recipe.subject_id = any(${ids}::uuid[]) group by recipe.id`;
  return rows.map(toKnownRecipe);
}

type StoredRecipe = Subject & {
  id: string;
  versions: { version: number; effectiveFrom: string; components: Component[]; recordedAt: string }[];
};

const toKnownRecipe = ({ versions, ...recipe }: StoredRecipe): KnownRecipe => ({
  ...recipe,
  versions: versions.map((held): RecipeVersion => ({
    ...held,
    effectiveFrom: new Date(held.effectiveFrom),
    recordedAt: new Date(held.recordedAt),
  })),
});

/** Stores what is new of these recipes. */
export async function saveRecipes(
  tx: Tx,
  organizationId: string,
  written: readonly WrittenRecipe[],
  now: Date,
): Promise<void> {
  const fresh = written.filter((recipe) => recipe.fresh);
  if (fresh.length === 0) return;
  await tx.sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as given (
        id uuid, "of" text, "itemId" uuid, "subjectId" uuid, version integer, "effectiveFrom" timestamptz,
        components jsonb, fresh text)
    ), recipe as (
      insert into recipes (id, organization_id, "of", item_id, subject_id, created_at)
      select id, ${organizationId}, "of", "itemId", "subjectId", ${now} from given where fresh = 'recipe'
    )
    insert into recipe_versions (recipe_id, version, organization_id, effective_from, components, recorded_at)
    select id, version, ${organizationId}, "effectiveFrom", components, ${now} from given`;
}

/** A recipe in one version, as it is answered. */
export interface RecipeRecord {
  readonly id: string;
  readonly version: number;
  readonly of: 'variation' | 'modifier';
  readonly itemId: string | null;
  readonly subjectId: string;
  readonly components: readonly Component[];
  readonly effectiveFrom: Date;
  readonly recordedAt: Date;
  readonly createdAt: Date;
}

/** The recipes in force at a moment, oldest first, from a position on; of one subject, or of all. */
export function recipesInForce(
  tx: Tx,
  { of, subjectId, at }: { of: 'variation' | 'modifier' | null; subjectId: string | null; at: Date },
  after: readonly [createdAt: string, id: string] | undefined,
  limit: number,
): Promise<RecipeRecord[]> {
  const [createdAt, id] = after ?? [null, null];
  return tx.sql<RecipeRecord[]>`
    select recipe.id, held.version, recipe."of", recipe.item_id as "itemId", recipe.subject_id as "subjectId",
      held.components, held.effective_from as "effectiveFrom", held.recorded_at as "recordedAt",
      recipe.created_at as "createdAt"
    from recipes recipe cross join lateral (
      select * from recipe_versions where recipe_id = recipe.id and effective_from <= ${at}
      order by effective_from desc, version desc limit 1) held
    where (${subjectId}::uuid is null or (recipe.subject_id = ${subjectId}::uuid and recipe."of" = ${of}::text))
      and (${createdAt}::timestamptz is null or (recipe.created_at, recipe.id) > (${createdAt}::timestamptz, ${id}::uuid))
    order by recipe.created_at, recipe.id limit ${limit}`;
}

/** All versions of a recipe, newest first, below a version. */
export function versionsOfRecipe(
  tx: Tx,
  recipeId: string,
  below: number | null,
  limit: number,
): Promise<RecipeRecord[]> {
  return tx.sql<RecipeRecord[]>`
    select recipe.id, held.version, recipe."of", recipe.item_id as "itemId", recipe.subject_id as "subjectId",
      held.components, held.effective_from as "effectiveFrom", held.recorded_at as "recordedAt",
      recipe.created_at as "createdAt"
    from recipes recipe join recipe_versions held on held.recipe_id = recipe.id
    where recipe.id = ${recipeId} and (${below}::integer is null or held.version < ${below}::integer)
    order by held.version desc limit ${limit}`;
}
