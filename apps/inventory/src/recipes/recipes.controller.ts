import { ListRecipes, ListRecipeVersions, type NewRecipe, PutRecipes, type Recipe } from '@comanda/contracts';
import {
  Call,
  type CallOf,
  Endpoint,
  inTransaction,
  newId,
  pageOf,
  positionOf,
  Refusal,
  type Tx,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AgePosition } from '../positions.js';
import { type GivenAmount, measured, type OwnAmount } from '../stock-items/measured.js';
import { type GivenRecipe, type Subject, type WrittenRecipe, writeRecipes, yieldOf } from './recipe.js';
import {
  readRecipes,
  type RecipeRecord,
  recipesInForce,
  saveRecipes,
  turnPage,
  versionsOfRecipe,
} from './recipes.store.js';

@Controller()
export class RecipesController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(PutRecipes)
  put(@Call() { caller, body }: CallOf<typeof PutRecipes>): Promise<{ data: Recipe[] }> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      await turnPage(tx, caller.organizationId);
      const given = await inStockUnits(tx, body.recipes);
      const now = new Date();
      const written = writeRecipes(await readRecipes(tx, given), given, now, newId);
      await saveRecipes(tx, caller.organizationId, written, now);
      return { data: written.map(toRecipe) };
    });
  }

  @Endpoint(ListRecipes)
  list(@Call() { caller, query }: CallOf<typeof ListRecipes>) {
    const { limit, cursor, variationId, modifierId, at } = query;
    const filter = {
      of: variationId === undefined ? ('modifier' as const) : ('variation' as const),
      subjectId: variationId ?? modifierId ?? null,
      at: at === undefined ? new Date() : new Date(at),
    };
    const after = positionOf(cursor, AgePosition);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await recipesInForce(tx, filter, after, limit + 1), limit, positionIn, toRecipe),
    );
  }

  @Endpoint(ListRecipeVersions)
  versions(@Call() { caller, params, query }: CallOf<typeof ListRecipeVersions>) {
    const [below] = positionOf(query.cursor, VersionPosition) ?? [null];
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const found = await versionsOfRecipe(tx, params.recipeId, below, query.limit + 1);
      if (found.length === 0 && below === null) throw new Refusal('not_found', 'There is no such recipe.');
      return pageOf(found, query.limit, ({ version }) => [version], toRecipe);
    });
  }
}

const VersionPosition = z.tuple([z.int32().min(1)]);
const positionIn = ({ createdAt, id }: RecipeRecord): [string, string] => [createdAt.toISOString(), id];

async function inStockUnits(tx: Tx, recipes: readonly NewRecipe[]): Promise<GivenRecipe[]> {
  const amounts = await measured(
    tx,
    recipes.flatMap(({ components }, i) =>
      components.map((part, j): GivenAmount => ({ ...part, pointer: `/recipes/${i}/components/${j}` })),
    ),
  );
  let next = 0;
  return recipes.map((recipe, i) => ({
    ...subjectOf(recipe),
    components: recipe.components.map(({ yieldPermille }) => ({ ...(amounts[next++] as OwnAmount), yieldPermille })),
    effectiveFrom: recipe.effectiveFrom === undefined ? undefined : momentOf(recipe.effectiveFrom, i),
  }));
}

/** Recipes may be backdated as far as orders may, and planned ahead within the calendar that everybody writes alike. */
function momentOf(effectiveFrom: string, i: number): Date {
  const moment = new Date(effectiveFrom);
  if (moment >= FIRST && moment < LAST) return moment;
  throw new Refusal('time_not_allowed', 'effectiveFrom lies outside of 1970 to 9999.', {
    errors: [{ pointer: `/recipes/${i}/effectiveFrom`, detail: 'Outside of 1970 to 9999.' }],
  });
}

const [FIRST, LAST] = [new Date(0), new Date('+010000-01-01T00:00:00Z')];

const subjectOf = (recipe: NewRecipe): Subject =>
  recipe.of === 'variation'
    ? { of: 'variation', itemId: recipe.itemId, subjectId: recipe.variationId }
    : { of: 'modifier', itemId: null, subjectId: recipe.modifierId };

const toRecipe = ({
  id,
  version,
  of,
  itemId,
  subjectId,
  components,
  effectiveFrom,
  recordedAt,
}: WrittenRecipe | RecipeRecord): Recipe => ({
  id,
  version,
  of,
  itemId,
  variationId: of === 'variation' ? subjectId : null,
  modifierId: of === 'modifier' ? subjectId : null,
  components: components.map((part) => ({ ...part, yieldPermille: yieldOf(part) })),
  effectiveFrom: effectiveFrom.toISOString(),
  recordedAt: recordedAt.toISOString(),
});
