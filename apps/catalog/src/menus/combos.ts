import type { Item, Menu } from '@comanda/contracts';
import type { Draft, Drafted, Place, Reports } from './draft.js';
import { priceHere } from './prices.js';
import { textIn } from './texts.js';

type MenuVariation = Menu['items'][number]['variations'][number];
type MenuSlot = NonNullable<MenuVariation['slots']>[number];
type Variation = Drafted<Item>['variations'][number];
type Slot = NonNullable<Variation['slots']>[number];

/** An item as it is sold at a place. */
interface Offered {
  readonly id: string;
  readonly variations: MenuVariation[];
}

/**
 * Puts together what of these are combos, from what else is sold here. Choices that are not sold here are left out, and
 * so is a combo with a slot that nothing is left for. Reports what could be sold nowhere: slots that contradict
 * themselves, choices that do not exist, a combo in a combo.
 */
export function withCombos<Item extends Offered>(
  offered: readonly Item[],
  { items }: Pick<Draft, 'items'>,
  context: { place: Place; reports: Reports },
): Item[] {
  const drafted = new Map(items.flatMap(({ variations }) => variations.map((each) => [each.id, each])));
  const isCombo = (id: string): boolean => (drafted.get(id)?.slots ?? []).length > 0;
  const soldAlone = new Set(
    offered.flatMap(({ variations }) => variations.filter(({ id }) => !isCombo(id)).map(({ id }) => id)),
  );
  return offered.flatMap((item) => {
    if (!item.variations.some(({ id }) => isCombo(id))) return [item];
    const variations = item.variations.flatMap((variation) => {
      const combo = drafted.get(variation.id);
      if (!combo || !isCombo(combo.id)) return [variation];
      const slots = slotsHere(item.id, combo, { ...context, drafted, isCombo, soldAlone });
      return slots ? [{ ...variation, slots }] : [];
    });
    return variations.length > 0 ? [{ ...item, variations }] : [];
  });
}

interface Context {
  readonly place: Place;
  readonly reports: Reports;
  readonly drafted: ReadonlyMap<string, Variation>;
  readonly isCombo: (variationId: string) => boolean;
  readonly soldAlone: ReadonlySet<string>;
}

/** The slots of a combo with what is sold here; `undefined` when one that must be filled cannot be. */
function slotsHere(itemId: string, { id, name, slots = [] }: Variation, context: Context): MenuSlot[] | undefined {
  const { place, reports } = context;
  const path = ['items', itemId, 'variations', id, 'slots'];
  const label = textIn(name, place.languages);
  if (slots.every(({ min }) => min === 0))
    reports.fault(path, `The combo ${label} can be ordered without anything in it.`);
  if (new Set(slots.map(({ code }) => code)).size < slots.length)
    reports.fault(path, `Two slots of the combo ${label} have the same code.`);
  const here = slots.map((slot) => slotHere(slot, path, context));
  const empty = here.find(({ min, choices }) => min > 0 && choices.length === 0);
  if (!empty) return here.filter(({ choices }) => choices.length > 0);
  reports.leaveOut([...path, empty.code], `The combo ${label} has nothing for ${textIn(empty.name, place.languages)}.`);
  return undefined;
}

function slotHere(
  slot: Slot,
  above: readonly string[],
  { place, reports, drafted, isCombo, soldAlone }: Context,
): MenuSlot {
  const { code, name, min, max } = slot;
  const path = [...above, code];
  const label = textIn(name, place.languages);
  if (min > max) reports.fault([...path, 'min'], `${label} asks for at least ${min} and at most ${max}.`);
  if (new Set(slot.choices.map(({ variationId }) => variationId)).size < slot.choices.length)
    reports.fault([...path, 'choices'], `${label} offers something twice.`);
  const choices = slot.choices.flatMap(({ variationId, surcharges }, at) => {
    const choicePath = [...path, 'choices', String(at)];
    if (!drafted.has(variationId)) reports.fault(choicePath, `${label} offers something that does not exist.`);
    if (isCombo(variationId)) reports.fault(choicePath, `${label} offers a combo: a combo is not part of another.`);
    const surcharge = priceHere(surcharges, place.currency);
    if (surcharge === undefined)
      reports.leaveOut(
        [...choicePath, 'surcharges', place.currency],
        `${label}: a choice has no surcharge in ${place.currency}.`,
      );
    if (surcharge === undefined || !soldAlone.has(variationId)) return [];
    return [{ variationId, ...(surcharge > 0 && { surcharge }) }];
  });
  return { code, name, min, max, choices };
}
