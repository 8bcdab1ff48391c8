import type { LineModifier, LineStatus, ModifierChoice, NewLine, OrderLine } from '@comanda/contracts';
import { type Fault, newId, Refusal } from '@comanda/platform';
import {
  checkSelections,
  isTime,
  priceAt,
  priceChoices,
  type Selection,
  type Violation,
  type WallClock,
  wallClock,
} from '@comanda/pricing';
import type { MenuIndex, Offer } from '../menus/menu-index.js';

/** A line as the guest chose it: everything of it but what it comes to. */
export type PickedLine = Omit<OrderLine, 'gross' | 'discounts' | 'net' | 'taxes' | 'total'>;

/** When lines are ordered, and where the kitchen stands with them. */
interface Ordering {
  readonly orderedAt: Date;
  readonly status: LineStatus;
}

/**
 * Finds on the menu what a guest asks for, line by line, and checks the choices made with it. What can be ordered, and
 * what it costs, goes by the time of ordering on the location's clock; what the guests already have is a fact, and is not
 * refused for the time of day.
 * @throws Refusal `item_unknown`, `item_unavailable`, `modifier_min`, `modifier_max`, `modifier_unknown`, `id_taken`,
 *   pointing into the body
 */
export function pickLines(menu: MenuIndex, asked: readonly NewLine[], ordering: Ordering): PickedLine[] {
  const clock = wallClock(ordering.orderedAt, menu.timeZone);
  return asked.map((line, index) => {
    const offer = menu.offers.get(line.variationId);
    if (!offer)
      throw new Refusal('item_unknown', `What line ${index + 1} asks for is not on the menu.`, {
        errors: [{ pointer: `/lines/${index}/variationId`, detail: 'Not on the menu.' }],
      });
    if (ordering.status !== 'completed') requireTime(offer, clock, index);
    return pickLine(menu, offer, line, { index, clock, ...ordering });
  });
}

function pickLine(
  menu: MenuIndex,
  { item, variation, timedPrices, groups }: Offer,
  { id, quantity, modifiers, seat, note }: NewLine,
  { index, clock, orderedAt, status }: Ordering & { index: number; clock: WallClock },
): PickedLine {
  const violations = checkSelections(groups, selectionsOf(menu, modifiers));
  if (violations.length > 0) throw refusalOf(violations, index);
  return {
    id: id ?? newId(),
    itemId: item.id,
    variationId: variation.id,
    name: item.name,
    variationName: variation.name,
    categoryId: item.categoryId,
    quantity,
    unitPrice: { amount: priceAt(variation.price, timedPrices, clock), currency: menu.currency },
    modifiers: chosen(menu, modifiers, variation.size),
    seat,
    note,
    status,
    voided: null,
    orderedAt: orderedAt.toISOString(),
  };
}

/** @throws Refusal `item_unavailable` for what is not sold at this time of day */
function requireTime({ windows }: Offer, clock: WallClock, index: number): void {
  if (!windows || isTime(windows, clock)) return;
  const times = windows.map(({ from, to }) => `${from} to ${to}`).join(', ');
  throw new Refusal('item_unavailable', `What line ${index + 1} asks for cannot be ordered at this time.`, {
    errors: [{ pointer: `/lines/${index}/variationId`, detail: `Sold from ${times}, and it is ${clock.time}.` }],
  });
}

const selectionsOf = (menu: MenuIndex, choices: readonly ModifierChoice[]): Selection[] =>
  choices.map(({ modifierId, quantity, preModifier, modifiers }) => {
    const choice = menu.choices.get(modifierId);
    const way = preModifier === undefined ? undefined : choice?.preModifiers.get(preModifier);
    // A way that the group does not know is told of like a choice that it does not have.
    const known = preModifier === undefined || way !== undefined;
    return {
      groupId: (known && choice?.groupId) || '',
      modifierId: known ? modifierId : `${preModifier} ${modifierId}`,
      quantity,
      counts: way?.counts,
      selections: selectionsOf(menu, modifiers),
    };
  });

/** What was chosen, at the price of its position, size and way of asking; several at two prices come to two entries. */
function chosen(menu: MenuIndex, choices: readonly ModifierChoice[], size: string | undefined): LineModifier[] {
  const found = choices.flatMap((asked) => {
    const choice = menu.choices.get(asked.modifierId);
    return choice ? [{ asked, ...choice, way: choice.preModifiers.get(asked.preModifier ?? '') }] : [];
  });
  const runs = priceChoices(
    found.map(({ asked, modifier, groupId, way }) => ({
      groupId,
      quantity: asked.quantity,
      price: modifier.price,
      sizePrices: modifier.sizePrices,
      rate: way?.rate ?? WHOLE,
      counts: way?.counts ?? true,
    })),
    menu.sequences,
    size,
  );
  return found.flatMap(({ asked, modifier: { name }, way }, at) =>
    (runs[at] ?? []).map(({ quantity, unitPrice }) => ({
      id: newId(),
      modifierId: asked.modifierId,
      name,
      quantity,
      unitPrice: { amount: unitPrice, currency: menu.currency },
      ...(way && { preModifier: { code: way.code, name: way.name, counts: way.counts } }),
      modifiers: chosen(menu, asked.modifiers, size),
    })),
  );
}

const WHOLE = 1_000_000;

function refusalOf(violations: readonly Violation[], index: number): Refusal {
  const errors: Fault[] = violations.map((violation) => ({
    pointer: `/lines/${index}/modifiers`,
    detail: `${sentenceOf(violation)} (${violation.path.join(' › ')})`,
  }));
  return new Refusal(violations[0]?.code ?? 'modifier_unknown', `Line ${index + 1}: ${errors[0]?.detail}`, { errors });
}

function sentenceOf(violation: Violation): string {
  if (violation.code === 'modifier_min') return `at least ${violation.min} must be chosen, ${violation.selected} are.`;
  if (violation.code === 'modifier_max') return `at most ${violation.max} can be chosen, ${violation.selected} are.`;
  return 'this choice does not go with the item.';
}
