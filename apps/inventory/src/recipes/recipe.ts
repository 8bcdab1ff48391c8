import type { Unit } from '@comanda/contracts';

/** What a recipe is of. Only of a variation is it known which item it belongs to. */
export type Subject =
  | { readonly of: 'variation'; readonly itemId: string; readonly subjectId: string }
  | { readonly of: 'modifier'; readonly itemId: null; readonly subjectId: string };

/** How much of a stock item selling one takes, in the stock item's own unit. */
export interface Component {
  readonly stockItemId: string;
  readonly quantity: number;
  readonly unit: Unit;
  /** What is left of 1000 parts when it is prepared; recipes from before yields were known have none: all of it. */
  readonly yieldPermille?: number;
}

/** The parts per thousand of a component that are left when it is prepared. */
export const yieldOf = ({ yieldPermille = WHOLE }: Component): number => yieldPermille;

/** All of a component is used. */
const WHOLE = 1_000;

/** A recipe as it holds from a moment on. It never changes: another one follows it. */
export interface RecipeVersion {
  readonly version: number;
  readonly effectiveFrom: Date;
  readonly components: readonly Component[];
  readonly recordedAt: Date;
}

export type KnownRecipe = Subject & {
  readonly id: string;
  /** By version, oldest first. */
  readonly versions: readonly RecipeVersion[];
};

/** The version in force at a moment: of those that hold from it or earlier, the one that holds from latest, and of two the newer. */
export function inForce(versions: readonly RecipeVersion[], at: Date): RecipeVersion | undefined {
  return versions
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .reduce<RecipeVersion | undefined>(
      (held, version) => (held && held.effectiveFrom > version.effectiveFrom ? held : version),
      undefined,
    );
}

/** What somebody says a thing is made of. */
export type GivenRecipe = Subject & {
  readonly components: readonly Component[];
  readonly effectiveFrom: Date | undefined;
};

/** A recipe that was given, as it stands now; `fresh` when it has to be stored. */
export type WrittenRecipe = Subject &
  RecipeVersion & { readonly id: string; readonly fresh: 'recipe' | 'version' | false };

/**
 * Decides what a list of recipes changes: each that differs from the one in force at its moment becomes a new version,
 * the others stay. A first recipe holds always and a later one from `now`, unless it says since when.
 * @param known the recipes there are of the same subjects
 * @param newId mints the id of a recipe
 */
export function writeRecipes(
  known: readonly KnownRecipe[],
  given: readonly GivenRecipe[],
  now: Date,
  newId: () => string,
): WrittenRecipe[] {
  const recipes = new Map(known.map((recipe) => [keyOf(recipe), recipe]));
  return given.map((recipe) => {
    const before = recipes.get(keyOf(recipe));
    const effectiveFrom = recipe.effectiveFrom ?? (before ? now : ALWAYS);
    const components = addedUp(recipe.components);
    const held = before && inForce(before.versions, effectiveFrom);
    if (before && held && sameComponents(held.components, components)) {
      return { ...subjectOf(before), id: before.id, ...held, fresh: false };
    }
    const version = { version: (before?.versions.length ?? 0) + 1, effectiveFrom, components, recordedAt: now };
    const { id, versions } = before ?? { id: newId(), versions: [] };
    recipes.set(keyOf(recipe), { ...subjectOf(recipe), id, versions: [...versions, version] });
    return { ...subjectOf(recipe), id, ...version, fresh: before ? 'version' : 'recipe' };
  });
}

/** Since before anything was sold. */
const ALWAYS = new Date(0);

const keyOf = ({ of, subjectId }: Subject): string => `${of}/${subjectId}`;

const subjectOf = (subject: Subject): Subject =>
  subject.of === 'variation'
    ? { of: 'variation', itemId: subject.itemId, subjectId: subject.subjectId }
    : { of: 'modifier', itemId: null, subjectId: subject.subjectId };

function addedUp(components: readonly Component[]): Component[] {
  const sums = new Map<string, Component>();
  for (const part of components) {
    const key = `${part.stockItemId} ${yieldOf(part)}`;
    const sum = (sums.get(key)?.quantity ?? 0) + part.quantity;
    sums.set(key, { ...part, quantity: sum });
  }
  return [...sums.values()];
}

const sameComponents = (one: readonly Component[], other: readonly Component[]): boolean =>
  one.length === other.length &&
  one.every((mine) =>
    other.some(
      (part) =>
        part.stockItemId === mine.stockItemId && part.quantity === mine.quantity && yieldOf(part) === yieldOf(mine),
    ),
  );
