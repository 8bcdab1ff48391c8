import type { LineModifier, LineStatus, ModifierChoice, NewLine, OrderLine } from '@comanda/contracts';
import { type Fault, newId, Refusal } from '@comanda/platform';
import {
  checkSelections,
  isTime,
  priceAt,
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
    modifiers: chosen(menu, modifiers),
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
  choices.map(({ modifierId, quantity, modifiers }) => ({
    groupId: menu.choices.get(modifierId)?.groupId ?? '',
    modifierId,
    quantity,
    selections: selectionsOf(menu, modifiers),
  }));

const chosen = (menu: MenuIndex, choices: readonly ModifierChoice[]): LineModifier[] =>
  choices.flatMap(({ modifierId, quantity, modifiers }) => {
    const choice = menu.choices.get(modifierId);
    if (!choice) return [];
    const { name, price } = choice.modifier;
    const unitPrice = { amount: price, currency: menu.currency };
    return { id: newId(), modifierId, name, quantity, unitPrice, modifiers: chosen(menu, modifiers) };
  });

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
