import type { Menu } from '@comanda/contracts';

type Group = Menu['modifierGroups'][number];
type Item = Menu['items'][number];

/**
 * The part of a menu that can be eaten without these allergens. Choices that contain one are left out with all that is
 * asked below them; what cannot be ordered without such a choice is left out too, however deep it is asked. A combo
 * contains what is chosen for it.
 */
export function withoutAllergens(menu: Menu, allergens: ReadonlySet<string>): Menu {
  const drafted = new Map(menu.modifierGroups.map((group) => [group.id, group]));
  const safe = new Map<string, Group>();
  const contains = ({ nutrition }: { nutrition?: { allergens: string[] } | undefined }): boolean =>
    nutrition?.allergens.some((each) => allergens.has(each)) ?? false;
  // A published menu asks in no circles.
  const safeGroup = (id: string): Group | undefined => {
    const group = drafted.get(id);
    if (!group) return undefined;
    const known = safe.get(id);
    if (known) return known;
    const modifiers = group.modifiers.filter((choice) => !contains(choice) && canAnswer(choice.modifierGroupIds));
    const made = { ...group, modifiers };
    safe.set(id, made);
    return made;
  };
  /** Whether everything that must be chosen can be: one choice may be taken several times. */
  const canAnswer = (groupIds: readonly string[]): boolean =>
    groupIds.every((id) => {
      const group = safeGroup(id);
      return !group || group.min === 0 || group.modifiers.length > 0;
    });
  const items = combosOf(menu.items.filter((item) => !contains(item) && canAnswer(item.modifierGroupIds)));
  const headings = new Set(items.map(({ categoryId }) => categoryId));
  return {
    ...menu,
    categories: menu.categories.filter(({ id }) => headings.has(id)),
    items,
    modifierGroups: menu.modifierGroups.flatMap(({ id }) => safeGroup(id) ?? []),
  };
}

/** Items with what their combos can be put together from: of what is not among them nothing is chosen. */
function combosOf(items: readonly Item[]): Item[] {
  const shown = new Set(items.flatMap(({ variations }) => variations.map(({ id }) => id)));
  return items.flatMap((item) => {
    const variations = item.variations.flatMap((variation) => {
      if (!variation.slots) return [variation];
      const slots = variation.slots.map((slot) => ({
        ...slot,
        choices: slot.choices.filter(({ variationId }) => shown.has(variationId)),
      }));
      return slots.some(({ min, choices }) => min > 0 && choices.length === 0)
        ? []
        : [{ ...variation, slots: slots.filter(({ choices }) => choices.length > 0) }];
    });
    return variations.length > 0 ? [{ ...item, variations }] : [];
  });
}
