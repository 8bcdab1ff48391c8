import type { LineModifier, LineStatus, ModifierChoice, NewLine, OrderLine } from '@comanda/contracts';
import { type Fault, newId, Refusal } from '@comanda/platform';
import { checkSelections, type Selection, type Violation } from '@comanda/pricing';
import type { MenuIndex } from '../menus/menu-index.js';

/** A line as the guest chose it: everything of it but what it comes to. */
export type PickedLine = Omit<OrderLine, 'gross' | 'discounts' | 'net' | 'taxes' | 'total'>;

/**
 * Finds on the menu what a guest asks for, line by line, and checks the choices made with it.
 * @throws Refusal `item_unknown`, `modifier_min`, `modifier_max`, `modifier_unknown`, `id_taken`, pointing into the body
 */
export function pickLines(
  menu: MenuIndex,
  asked: readonly NewLine[],
  { orderedAt, status }: { orderedAt: Date; status: LineStatus },
): PickedLine[] {
  const at = orderedAt.toISOString();
  return asked.map((line, index) => pickLine(menu, line, index, { orderedAt: at, status }));
}

function pickLine(
  menu: MenuIndex,
  { id, variationId, quantity, modifiers, seat, note }: NewLine,
  index: number,
  { orderedAt, status }: { orderedAt: string; status: LineStatus },
): PickedLine {
  const offer = menu.offers.get(variationId);
  if (!offer)
    throw new Refusal('item_unknown', `What line ${index + 1} asks for is not on the menu.`, {
      errors: [{ pointer: `/lines/${index}/variationId`, detail: 'Not on the menu.' }],
    });
  const { item, variation, groups } = offer;
  const violations = checkSelections(groups, selectionsOf(menu, modifiers));
  if (violations.length > 0) throw refusalOf(violations, index);
  return {
    id: id ?? newId(),
    itemId: item.id,
    variationId,
    name: item.name,
    variationName: variation.name,
    categoryId: item.categoryId,
    quantity,
    unitPrice: { amount: variation.price, currency: menu.currency },
    modifiers: chosen(menu, modifiers),
    seat,
    note,
    status,
    voided: null,
    orderedAt,
  };
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
