import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Currency, Id, Instant, Line, Version } from './primitives.js';

/** Mass, volume, or pieces. Amounts are whole numbers; a stock item chooses how fine. */
export const Unit = z.enum(['mg', 'g', 'kg', 'ml', 'l', 'piece']).meta({ id: 'Unit' });
export type Unit = z.infer<typeof Unit>;

// ── Stock items ──

/** More of one thing than any restaurant moves at once: a thousand tonnes in grams, a tonne in milligrams. */
export const MAX_STOCK = 1_000_000_000;

const quantity = (min: number) => z.strictObject({ amount: z.int().min(min).max(MAX_STOCK), unit: Unit });
const exactly = 'Converted to the stock item’s own unit, exactly or not at all.';
export const StockQuantity = quantity(1).meta({
  id: 'StockQuantity',
  description: exactly,
  examples: [{ amount: 5, unit: 'kg' }],
});
export type StockQuantity = z.infer<typeof StockQuantity>;
export const CountedQuantity = quantity(0).meta({
  id: 'CountedQuantity',
  description: `What is there; may be nothing. ${exactly}`,
  examples: [{ amount: 3200, unit: 'g' }],
});
export const StockDifference = quantity(-MAX_STOCK).meta({
  id: 'StockDifference',
  description: `More (positive) or less (negative). ${exactly}`,
  examples: [{ amount: -500, unit: 'g' }],
});

/** The most that one line of a delivery may cost: ten million, in cents. */
export const MAX_COST = 1_000_000_000;

/** What a delivery cost, in whole minor units of the location's currency. */
export const DeliveryCost = z.int().min(0).max(MAX_COST);

/** What stock is worth; finer than money, so that a pinch of salt costs something too. */
export const StockCost = z
  .object({
    micros: z.int().meta({
      description:
        'Millionths of a minor unit, with the sign of the quantity: what stock became worth more (positive) or less (negative).',
    }),
    currency: Currency,
  })
  .meta({ id: 'StockCost', examples: [{ micros: -108_000_000, currency: 'USD' }] });
export type StockCost = z.infer<typeof StockCost>;

const stockItemFields = {
  name: Line(),
  lowAt: z.int().min(0).max(MAX_STOCK).nullable().meta({
    description: 'A level at or below it is low, and told once; null for never. In the item’s unit.',
  }),
  recoveredAt: z.int().min(1).max(MAX_STOCK).nullable().meta({
    description: 'The level at which it stops being low; above `lowAt`. Null: as soon as it is above `lowAt`.',
  }),
  floor: z.int().min(-MAX_STOCK).max(MAX_STOCK).nullable().meta({
    description:
      'A level below it is reported as a mistake to look into; null for no limit. Nothing is refused: what was sold was sold.',
  }),
  pieceWeightMg: z.int().min(1).max(MAX_STOCK).nullable().meta({
    description:
      'What one piece weighs, in milligrams: then pieces are taken for grams and grams for pieces, exactly or not at all. Null: not known.',
  }),
};

/** Something that is kept in stock and used up: flour, mozzarella, a bottle of wine. */
export const StockItem = z
  .object({
    id: Id,
    ...stockItemFields,
    unit: Unit.meta({ description: 'Whole numbers of it; fixed when the stock item is made.' }),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'StockItem' });
export type StockItem = z.infer<typeof StockItem>;

const StockItemParams = z.strictObject({ stockItemId: Id });

export const CreateStockItem = defineEndpoint({
  id: 'createStockItem',
  method: 'POST',
  path: '/v1/inventory/stock-items',
  summary: 'Adds something to keep in stock.',
  scope: 'inventory:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      ...stockItemFields,
      unit: Unit,
      lowAt: stockItemFields.lowAt.default(null),
      recoveredAt: stockItemFields.recoveredAt.default(null),
      floor: stockItemFields.floor.default(null),
      pieceWeightMg: stockItemFields.pieceWeightMg.default(null),
    })
    .meta({ id: 'NewStockItem' }),
  answer: StockItem,
  refusals: ['id_taken', 'thresholds_invalid'],
  example: { name: 'Mozzarella Cheese', unit: 'g', lowAt: 5_000, recoveredAt: 10_000 },
});

export const ListStockItems = defineEndpoint({
  id: 'listStockItems',
  method: 'GET',
  path: '/v1/inventory/stock-items',
  summary: 'What is kept in stock, oldest first.',
  scope: 'inventory:read',
  query: PageQuery,
  answer: Page('StockItemPage', StockItem),
});

export const ReadStockItem = defineEndpoint({
  id: 'readStockItem',
  method: 'GET',
  path: '/v1/inventory/stock-items/{stockItemId}',
  summary: 'One stock item.',
  scope: 'inventory:read',
  params: StockItemParams,
  answer: StockItem,
});

export const ChangeStockItem = defineEndpoint({
  id: 'changeStockItem',
  method: 'PATCH',
  path: '/v1/inventory/stock-items/{stockItemId}',
  summary: 'Renames a stock item or changes its thresholds; what is left out stays.',
  scope: 'inventory:write',
  params: StockItemParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...stockItemFields, version: Version })
    .partial()
    .meta({ id: 'StockItemChange' }),
  answer: StockItem,
  refusals: ['version_stale', 'version_missing', 'thresholds_invalid'],
});

// ── Recipes ──

const RecipePart = z
  .strictObject({
    stockItemId: Id,
    quantity: z
      .strictObject({ amount: z.int().min(1).max(1_000_000), unit: Unit })
      .meta({ id: 'RecipeQuantity', description: exactly, examples: [{ amount: 120, unit: 'g' }] }),
    yieldPermille: z.int().min(1).max(10_000).default(1_000).meta({
      description:
        'What is left of 1000 parts when it has been peeled, boned or cooked: of 800, a quantity of 160 g takes 200 g from stock. Rounded half up, once for a whole line.',
    }),
  })
  .meta({ id: 'RecipePart' });

const newRecipeFields = {
  components: z.array(RecipePart).max(50).meta({ description: 'What selling one takes; the same twice adds up.' }),
  effectiveFrom: Instant.optional().meta({
    description:
      'From when it holds, for what is ordered from then on. Unless given: a first recipe always, a later one from now on.',
  }),
};

/** What one of a variation, or of a modifier, is made of. */
export const NewRecipe = z
  .discriminatedUnion('of', [
    z.strictObject({ of: z.literal('variation'), itemId: Id, variationId: Id, ...newRecipeFields }),
    z.strictObject({ of: z.literal('modifier'), modifierId: Id, ...newRecipeFields }),
  ])
  .meta({ id: 'NewRecipe' });
export type NewRecipe = z.infer<typeof NewRecipe>;

/** A recipe in one of its versions, which never changes. */
export const Recipe = z
  .object({
    id: Id,
    version: Version,
    of: z.enum(['variation', 'modifier']),
    itemId: Id.nullable(),
    variationId: Id.nullable(),
    modifierId: Id.nullable(),
    components: z.array(z.object({ stockItemId: Id, quantity: z.int(), unit: Unit, yieldPermille: z.int() })),
    effectiveFrom: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'Recipe' });
export type Recipe = z.infer<typeof Recipe>;

export const PutRecipes = defineEndpoint({
  id: 'putRecipes',
  method: 'PUT',
  path: '/v1/inventory/recipes',
  summary: 'Says what things are made of, up to 200 at a time.',
  description:
    'Each that differs from the recipe in force at its `effectiveFrom` becomes a new version; the others stay as they are, so that a repeat changes nothing. All or none.',
  scope: 'inventory:write',
  body: z.strictObject({ recipes: z.array(NewRecipe).min(1).max(200) }).meta({ id: 'NewRecipes' }),
  answer: z
    .object({ data: z.array(Recipe).meta({ description: 'In the order they were given.' }) })
    .meta({ id: 'Recipes' }),
  refusals: ['reference_unknown', 'unit_mismatch', 'amount_too_large', 'time_not_allowed'],
});

export const ListRecipes = defineEndpoint({
  id: 'listRecipes',
  method: 'GET',
  path: '/v1/inventory/recipes',
  summary: 'The recipes in force, oldest first.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    variationId: Id.optional(),
    modifierId: Id.optional(),
    at: Instant.optional().meta({ description: 'In force then; now, unless given.' }),
  }),
  answer: Page('RecipePage', Recipe),
  refusals: ['time_not_allowed'],
});

export const ListRecipeVersions = defineEndpoint({
  id: 'listRecipeVersions',
  method: 'GET',
  path: '/v1/inventory/recipes/{recipeId}/versions',
  summary: 'All versions of a recipe, newest first.',
  scope: 'inventory:read',
  params: z.strictObject({ recipeId: Id }),
  query: PageQuery,
  answer: Page('RecipeVersionPage', Recipe),
});
