import type { MovementKind, OrderFacts, OrderLine, Unit } from '@comanda/contracts';
import type { RecipeBook, RecipeUse } from '../recipes/recipe-book.js';

/** What a line has taken from stock, and by which recipes: they are frozen when the line is first seen. */
export interface ConsumedLine {
  /** How many of it were made; 0 when nothing was, or everything was given back. */
  readonly made: number;
  readonly orderedAt: string;
  readonly recipes: readonly RecipeUse[];
}

/** The lines of an order, by their ids. */
export type ConsumedLines = Readonly<Record<string, ConsumedLine>>;

/** What an order changes in stock. */
export interface OrderMovement {
  readonly kind: Extract<MovementKind, 'sale' | 'return'>;
  readonly stockItemId: string;
  readonly quantity: number;
  readonly unit: Unit;
  readonly lineId: string;
  readonly recipeId: string;
  readonly recipeVersion: number;
  readonly reason: string | null;
  readonly businessDate: string;
  readonly occurredAt: string;
}

/**
 * What is to be booked so that stock shows what the order, as it stands, has consumed: every line that was not voided, and
 * every line voided after it was sent to the kitchen, through the recipes in force when it was ordered.
 * @param before what has been booked for the order already
 * @returns what is then booked, and the movements that lead there: none when nothing has changed
 */
export function consume(
  order: OrderFacts,
  before: ConsumedLines,
  book: RecipeBook,
): { lines: ConsumedLines; movements: OrderMovement[] } {
  const lines: Record<string, ConsumedLine> = {};
  const reasons: Record<string, string | null> = {};
  for (const line of order.checks.flatMap((check) => check.lines)) {
    const known = before[line.id] ?? { made: 0, orderedAt: line.orderedAt, recipes: recipesOf(line, book) };
    lines[line.id] = { ...known, made: isMade(line, order) ? line.quantity : 0 };
    reasons[line.id] = line.voided?.reason ?? order.cancelled?.reason ?? null;
  }
  // A line that has gone to another order is that order's to book.
  for (const [id, line] of Object.entries(before)) lines[id] ??= { ...line, made: 0 };
  const movements = Object.entries(lines).flatMap(([lineId, line]) => {
    const more = line.made - (before[lineId]?.made ?? 0);
    return more === 0 ? [] : movementsOf(lineId, line, more, order.businessDate, reasons[lineId] ?? null, book);
  });
  return { lines, movements };
}

/** Whether the kitchen made it, or will. */
function isMade({ status, voided }: OrderLine, order: OrderFacts): boolean {
  if (voided) return voided.sent;
  return order.status !== 'cancelled' || status !== 'placed';
}

/** The recipes of a line's variation and of its modifiers, each as often as it goes into one of the line. */
function recipesOf(line: OrderLine, book: RecipeBook): RecipeUse[] {
  const at = new Date(line.orderedAt);
  const variation = book.inForce('variation', line.variationId, at);
  return [...(variation ? [{ ...variation, times: 1 }] : []), ...modifierRecipes(line.modifiers, 1, at, book)];
}

function modifierRecipes(modifiers: OrderLine['modifiers'], ofOne: number, at: Date, book: RecipeBook): RecipeUse[] {
  return modifiers.flatMap(({ modifierId, quantity, preModifier, modifiers: within }) => {
    // "No cheese" is on the line for the kitchen, and takes no cheese.
    if (preModifier?.counts === false) return [];
    const times = ofOne * quantity;
    const recipe = book.inForce('modifier', modifierId, at);
    return [...(recipe ? [{ ...recipe, times }] : []), ...modifierRecipes(within, times, at, book)];
  });
}

/**
 * Stock comes back at the time at which it was taken: nobody had touched it, so a count in between has seen it, and the
 * two movements must stand on the same side of that count.
 */
function movementsOf(
  lineId: string,
  { recipes, orderedAt }: ConsumedLine,
  more: number,
  businessDate: string,
  reason: string | null,
  book: RecipeBook,
): OrderMovement[] {
  const back = more < 0;
  return recipes.flatMap((use) =>
    book.components(use).map(({ stockItemId, quantity, unit }) => ({
      kind: back ? ('return' as const) : ('sale' as const),
      stockItemId,
      quantity: exact(-more * use.times * quantity),
      unit,
      lineId,
      recipeId: use.recipeId,
      recipeVersion: use.version,
      reason: back ? reason : null,
      businessDate,
      occurredAt: orderedAt,
    })),
  );
}

/** @throws RangeError for more than can be counted exactly: better parked than booked wrong */
function exact(quantity: number): number {
  if (!Number.isSafeInteger(quantity)) throw new RangeError('The order takes more than can be counted.');
  return quantity;
}
