import { type Component, inForce, type KnownRecipe, type RecipeVersion, type Subject } from './recipe.js';

/** Which recipe was used, and how often for one sold. */
export interface RecipeUse {
  readonly recipeId: string;
  readonly version: number;
  readonly times: number;
  /** How much of it, in parts per million, where it is not all: "extra" is twice, "half" half of it. */
  readonly rate?: number;
}

/** All recipes of an organization in all their versions, as they were at one moment. */
export class RecipeBook {
  readonly #bySubject: ReadonlyMap<string, KnownRecipe>;
  readonly #byId: ReadonlyMap<string, KnownRecipe>;

  constructor(
    /** Grows with every change of any recipe; 0 when there has never been one. */
    readonly version: number,
    private readonly recipes: readonly KnownRecipe[],
  ) {
    this.#bySubject = new Map(recipes.map((recipe) => [`${recipe.of}/${recipe.subjectId}`, recipe]));
    this.#byId = new Map(recipes.map((recipe) => [recipe.id, recipe]));
  }

  /** The recipe of a variation or modifier that was in force at a moment. */
  inForce(of: Subject['of'], subjectId: string, at: Date): { recipeId: string; version: number } | undefined {
    const recipe = this.#bySubject.get(`${of}/${subjectId}`);
    const held = recipe && inForce(recipe.versions, at);
    return held && { recipeId: recipe.id, version: held.version };
  }

  /**
   * What one version of a recipe takes.
   * @throws Error when there is no such version: versions are never deleted
   */
  components({ recipeId, version }: { recipeId: string; version: number }): readonly Component[] {
    const found = this.#byId.get(recipeId)?.versions[version - 1];
    if (!found) throw new Error(`The recipe ${recipeId} has no version ${version}.`);
    return found.components;
  }

  /** The variations whose recipe in force at a moment uses a stock item. */
  variationsWith(stockItemId: string, at: Date): { itemId: string; variationId: string }[] {
    const uses = (version: RecipeVersion | undefined): boolean =>
      version?.components.some((part) => part.stockItemId === stockItemId) ?? false;
    return this.recipes.flatMap((recipe) =>
      recipe.of === 'variation' && uses(inForce(recipe.versions, at))
        ? [{ itemId: recipe.itemId, variationId: recipe.subjectId }]
        : [],
    );
  }
}
