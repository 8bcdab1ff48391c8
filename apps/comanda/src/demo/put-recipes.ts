import type { Comanda, Menu, Recipe } from '@comanda/client';
import { derivedId } from '../replay/derived-id.js';
import { described, type Descriptions } from './items.js';
import { gramsOf } from './recipes.js';

/** What a variation on the menu stands for in a history. */
interface Sold {
  readonly item: string;
  readonly variation: string;
}

/**
 * Gives every variation whose ingredients are known a recipe, and makes the stock items that are missing. What is kept in
 * pieces or liters is in none: an ingredient is known in grams. Harmless to repeat.
 */
export async function putRecipes(
  api: Comanda,
  menu: Menu,
  items: Descriptions,
  soldAs: (variation: Menu['items'][number]['variations'][number]) => Sold | undefined,
): Promise<Recipe[]> {
  const made = menu.items.flatMap((item) =>
    item.variations.flatMap((variation) => {
      const sold = soldAs(variation);
      const ingredients = sold && described(items, sold.item)?.ingredients;
      return sold && ingredients?.length
        ? [{ itemId: item.id, variationId: variation.id, size: sold.variation, ingredients }]
        : [];
    }),
  );
  if (made.length === 0) return [];
  const stock = await stockItems(api, new Set(made.flatMap(({ ingredients }) => ingredients)));
  const recipes = made.flatMap(({ itemId, variationId, size, ingredients }) => {
    const components = ingredients.flatMap((name) => {
      const stockItemId = stock.get(name);
      return stockItemId ? [{ stockItemId, quantity: { amount: gramsOf(name, size), unit: 'g' as const } }] : [];
    });
    return components.length > 0 ? [{ of: 'variation' as const, itemId, variationId, components }] : [];
  });
  const put: Recipe[] = [];
  for (let at = 0; at < recipes.length; at += 200)
    put.push(...(await api.PUT('/v1/inventory/recipes', { body: { recipes: recipes.slice(at, at + 200) } })).data.data);
  return put;
}

/** Ids of the stock items by name, of those that can be taken from in grams; those that are missing are made. */
async function stockItems(api: Comanda, names: ReadonlySet<string>): Promise<Map<string, string | undefined>> {
  const known = new Map<string, string | undefined>();
  for await (const { id, name, unit } of api.all('/v1/inventory/stock-items'))
    known.set(name, unit === 'g' || unit === 'mg' ? id : undefined);
  for (const name of names) {
    if (known.has(name)) continue;
    const { data } = await api.POST('/v1/inventory/stock-items', {
      key: `stock-item-${derivedId(name)}`,
      body: { name, unit: 'g', lowAt: 2_000, recoveredAt: 4_000 },
    });
    known.set(name, data.id);
  }
  return known;
}
