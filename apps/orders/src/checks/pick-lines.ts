import type { LineModifier, LineStatus, ModifierChoice, NewLine } from '@comanda/contracts';
import { type Fault, given, newId, Refusal } from '@comanda/platform';
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
import { granted, type GrantedBy } from './discounts.js';
import { shareOfDiscounts, takeApart } from './pick-combo.js';
import type { AskedLine, PickedLine } from './picked-line.js';

/** When lines are ordered, and where the kitchen stands with them. */
interface Ordering {
  readonly orderedAt: Date;
  /** When they are promised for, where that is later: they are sold as they are then. */
  readonly servedAt?: Date | undefined;
  readonly status: LineStatus;
  /** Whose hands take something off. */
  readonly by?: GrantedBy;
}

/**
 * Finds on the menu what a guest asks for, line by line, and checks the choices made with it; a combo gives a line for each
 * of its components. What can be ordered, and what it costs, goes by the time of ordering on the location's clock; what the
 * guests already have is a fact, and is not refused for the time of day.
 * @throws Refusal `item_unknown`, `item_unavailable`, `modifier_min`, `modifier_max`, `modifier_unknown`, `slot_min`,
 *   `slot_max`, `slot_unknown`, `id_taken`, pointing into the body
 */
export function pickLines(menu: MenuIndex, asked: readonly NewLine[], ordering: Ordering): AskedLine[] {
  refuseSameIds(asked);
  const clock = wallClock(ordering.servedAt ?? ordering.orderedAt, menu.timeZone);
  return asked.flatMap((line, index): AskedLine[] => {
    const where = { ...ordering, clock, pointer: `/lines/${index}`, said: `line ${index + 1}` };
    const offer = offerOf(menu, line, where);
    if (!offer.variation.slots && line.components.length === 0)
      return [
        {
          line: pickLine(menu, offer, line, where),
          menu,
          discounts: granted(line.discounts, ordering.by),
          pointer: where.pointer,
        },
      ];
    const picked = takeApart(menu, offer, line, where).map(({ asked: component, pointer, unitPrice, combo }) => {
      const there = { ...where, pointer };
      const taken = pickLine(menu, offerOf(menu, component, there), component, there);
      return { pointer, line: { ...taken, unitPrice: { ...taken.unitPrice, amount: unitPrice }, combo } };
    });
    const shares = shareOfDiscounts(
      picked.map((each) => each.line),
      granted(line.discounts, ordering.by),
    );
    return picked.map((each, at) => ({ ...each, menu, discounts: shares[at] ?? [] }));
  });
}

/** @throws Refusal `id_taken` for two lines, or two combos, that are given one id */
function refuseSameIds(asked: readonly NewLine[]): void {
  const seen = new Set<string>();
  for (const [index, { id }] of asked.entries())
    if (id !== undefined && seen.size === seen.add(id).size)
      throw new Refusal('id_taken', `The id ${id} is used twice in one order.`, {
        errors: [{ pointer: `/lines/${index}/id`, detail: 'Used above.' }],
      });
}

/** When and where in the body something is asked for; `said` is how a waiter would call the place. */
interface Where extends Ordering {
  readonly clock: WallClock;
  readonly pointer: string;
  readonly said: string;
}

/** @throws Refusal `item_unknown`, `item_unavailable` */
function offerOf(menu: MenuIndex, { variationId }: NewLine, { clock, status, pointer, said }: Where): Offer {
  const offer = menu.offers.get(variationId);
  if (!offer)
    throw new Refusal('item_unknown', `What ${said} asks for is not on the menu.`, {
      errors: [{ pointer: `${pointer}/variationId`, detail: 'Not on the menu.' }],
    });
  if (status !== 'completed') requireTime(offer, { clock, pointer, said });
  return offer;
}

function pickLine(
  menu: MenuIndex,
  { item, variation, timedPrices, groups }: Offer,
  { id, quantity, modifiers, seat, note, course, hold }: NewLine,
  { clock, orderedAt, status, pointer, said }: Where,
): PickedLine {
  const violations = checkSelections(groups, selectionsOf(menu, modifiers));
  if (violations.length > 0) throw refusalOf(violations, { pointer, said });
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
    ...given({ course, station: item.station }),
    ...(hold && status === 'placed' && { held: true }),
    status,
    voided: null,
    orderedAt: orderedAt.toISOString(),
  };
}

/** @throws Refusal `item_unavailable` for what is not sold at this time of day */
function requireTime({ windows }: Offer, { clock, pointer, said }: Pick<Where, 'clock' | 'pointer' | 'said'>): void {
  if (!windows || isTime(windows, clock)) return;
  const times = windows.map(({ from, to }) => `${from} to ${to}`).join(', ');
  throw new Refusal('item_unavailable', `What ${said} asks for cannot be ordered at this time.`, {
    errors: [{ pointer: `${pointer}/variationId`, detail: `Sold from ${times}, and it is ${clock.time}.` }],
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
      ...(way && { preModifier: { code: way.code, name: way.name, counts: way.counts, rate: way.rate } }),
      modifiers: chosen(menu, asked.modifiers, size),
    })),
  );
}

const WHOLE = 1_000_000;

function refusalOf(violations: readonly Violation[], { pointer, said }: Pick<Where, 'pointer' | 'said'>): Refusal {
  const errors: Fault[] = violations.map((violation) => ({
    pointer: `${pointer}/modifiers`,
    detail: `${sentenceOf(violation)} (${violation.path.join(' › ')})`,
  }));
  return new Refusal(violations[0]?.code ?? 'modifier_unknown', `In ${said}: ${errors[0]?.detail}`, { errors });
}

function sentenceOf(violation: Violation): string {
  if (violation.code === 'modifier_min') return `at least ${violation.min} must be chosen, ${violation.selected} are.`;
  if (violation.code === 'modifier_max') return `at most ${violation.max} can be chosen, ${violation.selected} are.`;
  return 'this choice does not go with the item.';
}
