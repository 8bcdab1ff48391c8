import type { MovementKind, OrderFacts, OrderLine, StockCost, Unit } from '@comanda/contracts';
import { roundRatio } from '@comanda/money';
import { type Average, type Averages, costOf } from '../costs/average.js';
import { type Component, yieldOf } from '../recipes/recipe.js';
import type { RecipeBook, RecipeUse } from '../recipes/recipe-book.js';

/** What a line has taken from stock, by which recipes and at what cost: both are frozen when the line is first seen. */
export interface ConsumedLine {
  /** How many of it were made; 0 when nothing was, or everything was given back. */
  readonly made: number;
  readonly orderedAt: string;
  readonly recipes: readonly RecipeUse[];
  /** What its stock items cost, as far as that is known. */
  readonly averages?: Readonly<Record<string, Average>>;
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
  readonly cost: StockCost | null;
  readonly businessDate: string;
  readonly occurredAt: string;
}

/**
 * What is to be booked so that stock shows what the order, as it stands, has consumed: every line that was not voided, and
 * every line voided after it was sent to the kitchen, through the recipes in force when it was ordered.
 * @param before what has been booked for the order already
 * @param averages what stock costs at the location of the order
 * @returns what is then booked, and the movements that lead there: none when nothing has changed
 */
export function consume(
  order: OrderFacts,
  before: ConsumedLines,
  book: RecipeBook,
  averages: Averages = new Map(),
): { lines: ConsumedLines; movements: OrderMovement[] } {
  const lines: Record<string, ConsumedLine> = {};
  const reasons: Record<string, string | null> = {};
  for (const line of order.checks.flatMap((check) => check.lines)) {
    const known = before[line.id] ?? firstSeen(line, book, averages);
    lines[line.id] = { ...known, made: isMade(line, order) ? line.quantity : 0 };
    reasons[line.id] = line.voided?.reason ?? order.cancelled?.reason ?? null;
  }
  // A line that has gone to another order is that order's to book.
  for (const [id, line] of Object.entries(before)) lines[id] ??= { ...line, made: 0 };
  const movements = Object.entries(lines).flatMap(([lineId, line]) => {
    const made = before[lineId]?.made ?? 0;
    return line.made === made ? [] : movementsOf(lineId, line, made, order.businessDate, reasons[lineId] ?? null, book);
  });
  return { lines, movements };
}

/** Whether the kitchen made it, or will. */
function isMade({ status, voided }: OrderLine, order: OrderFacts): boolean {
  if (voided) return voided.sent;
  return order.status !== 'cancelled' || status !== 'placed';
}

/** A line of which nothing is booked yet, with what will be remembered of this moment. */
function firstSeen(line: OrderLine, book: RecipeBook, averages: Averages): ConsumedLine {
  const recipes = recipesOf(line, book);
  const costs = recipes
    .flatMap((use) => book.components(use))
    .flatMap(({ stockItemId }): [string, Average][] => {
      const average = averages.get(stockItemId);
      return average ? [[stockItemId, average]] : [];
    });
  const known = { made: 0, orderedAt: line.orderedAt, recipes };
  return costs.length === 0 ? known : { ...known, averages: Object.fromEntries(costs) };
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
    // What costs twice takes twice; what is chosen with it goes by how that was asked for.
    const rate = preModifier?.rate ?? WHOLE;
    const use = recipe && { ...recipe, times, ...(rate !== WHOLE && { rate }) };
    return [...(use ? [use] : []), ...modifierRecipes(within, times, at, book)];
  });
}

/**
 * Stock comes back at the time at which it was taken: nobody had touched it, so a count in between has seen it, and the
 * two movements must stand on the same side of that count.
 */
function movementsOf(
  lineId: string,
  { recipes, orderedAt, made, averages }: ConsumedLine,
  before: number,
  businessDate: string,
  reason: string | null,
  book: RecipeBook,
): OrderMovement[] {
  const back = made < before;
  return recipes.flatMap((use) =>
    book.components(use).flatMap((part) => {
      const [now, then] = [taken(part, made * use.times, use.rate), taken(part, before * use.times, use.rate)];
      if (now === then) return [];
      return {
        kind: back ? ('return' as const) : ('sale' as const),
        stockItemId: part.stockItemId,
        quantity: then - now,
        unit: part.unit,
        lineId,
        recipeId: use.recipeId,
        recipeVersion: use.version,
        reason: back ? reason : null,
        cost: difference(averages?.[part.stockItemId], then, now),
        businessDate,
        occurredAt: orderedAt,
      };
    }),
  );
}

/**
 * What making something so often takes of a component, with what is lost in preparing it: rounded half up, once, so that
 * making more and less of it comes to the same in whatever steps.
 * @throws RangeError for more than can be counted exactly: better parked than booked wrong
 */
function taken(part: Component, times: number, rate = WHOLE): number {
  const asked = BigInt(times) * BigInt(part.quantity) * BigInt(rate);
  const quantity = roundRatio(asked * 1_000n, BigInt(yieldOf(part)) * BigInt(WHOLE), 'half-up');
  if (quantity > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('The order takes more than can be counted.');
  return Number(quantity);
}

const WHOLE = 1_000_000;

/** What the difference costs, such that giving everything back gives back what it cost. */
function difference(average: Average | undefined, then: number, now: number): StockCost | null {
  const [was, is] = [costOf(average, then), costOf(average, now)];
  return was && is && { micros: was.micros - is.micros, currency: is.currency };
}
