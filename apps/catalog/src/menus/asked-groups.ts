import type { Menu, ModifierGroup } from '@comanda/contracts';
import type { Drafted, Place, Report, Reports } from './draft.js';
import { priceHere } from './prices.js';
import type { TaxLaw } from './tax-law.js';
import { textIn } from './texts.js';

type MenuGroup = Menu['modifierGroups'][number];

/** Something that asks questions: an item, or a choice. */
interface Asker {
  readonly modifierGroupIds: readonly string[];
  readonly path: readonly string[];
  readonly label: string;
}

/**
 * The modifier groups that are asked with any of these items, or with a choice from one that is, in the order of their
 * ids. Reports what could not be asked or answered: unknown groups, groups that ask themselves, counts that contradict
 * one another. A choice without a price in the location's currency is left out.
 */
export function askedGroups(
  groups: readonly Drafted<ModifierGroup>[],
  items: readonly Asker[],
  { place, taxes, reports }: { place: Place; taxes: TaxLaw; reports: Reports },
): MenuGroup[] {
  const report = reports.fault;
  const drafted = new Map(groups.map((group) => [group.id, group]));
  const asked = new Map<string, MenuGroup>();

  const ask = ({ modifierGroupIds, path, label }: Asker, above: readonly string[]): void => {
    for (const id of modifierGroupIds) {
      const group = drafted.get(id);
      if (!group) report([...path, 'modifierGroupIds'], `${label} asks a modifier group that does not exist.`);
      else if (above.includes(id))
        report(
          [...path, 'modifierGroupIds'],
          `${label} asks ${textIn(group.name, place.languages)}, which it is part of.`,
        );
      else if (!asked.has(id)) askAll(group, [...above, id]);
    }
  };
  const askAll = (group: Drafted<ModifierGroup>, above: readonly string[]): void => {
    const label = textIn(group.name, place.languages);
    const offered = toMenuGroup(group, label, { place, taxes, reports });
    checkCounts(offered, label, report);
    asked.set(group.id, offered);
    for (const choice of offered.modifiers)
      ask(
        {
          modifierGroupIds: choice.modifierGroupIds,
          path: pathOf(group, choice),
          label: `${label}: ${textIn(choice.name, place.languages)}`,
        },
        above,
      );
  };
  for (const item of items) ask(item, []);
  return [...asked.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function checkCounts({ id, min, max, modifiers }: MenuGroup, label: string, report: Report): void {
  if (max !== null && min > max)
    report(['modifierGroups', id, 'min'], `${label} asks for at least ${min} and at most ${max}.`);
  if (min > 0 && modifiers.length === 0)
    report(['modifierGroups', id, 'modifiers'], `${label} asks for a choice and offers none.`);
}

function toMenuGroup(
  group: Drafted<ModifierGroup>,
  label: string,
  { place, taxes, reports }: { place: Place; taxes: TaxLaw; reports: Reports },
): MenuGroup {
  const { id, name, min, max, preModifiers = [] } = group;
  const sequencePrices = sequenceHere(group, label, { place, reports });
  const modifiers = group.modifiers.flatMap((choice) => {
    const path = pathOf(group, choice);
    const choiceLabel = `${label}: ${textIn(choice.name, place.languages)}`;
    const price = priceHere(choice.prices, place.currency);
    if (price === undefined) {
      reports.leaveOut([...path, 'prices', place.currency], `${choiceLabel} has no price in ${place.currency}.`);
      return [];
    }
    return [
      {
        id: choice.id,
        name: choice.name,
        price,
        ...(choice.nutrition && { nutrition: choice.nutrition }),
        ...sizesHere(choice.sizePrices, place.currency),
        taxIds: choice.taxIds && taxes.of(choice.taxIds, path, choiceLabel),
        modifierGroupIds: [...new Set(choice.modifierGroupIds)],
      },
    ];
  });
  return {
    id,
    name,
    min,
    max,
    ...(sequencePrices.length > 0 && { sequencePrices }),
    ...(preModifiers.length > 0 && { preModifiers }),
    modifiers,
  };
}

type SequencePrice = NonNullable<MenuGroup['sequencePrices']>[number];

/** Prices by position. A position that has none here would move all after it, so that is a mistake. */
function sequenceHere(
  { id, sequencePrices = [] }: Drafted<ModifierGroup>,
  label: string,
  { place, reports }: { place: Place; reports: Reports },
): SequencePrice[] {
  return sequencePrices.map(({ prices, sizePrices }, at) => {
    const price = priceHere(prices, place.currency);
    if (price === undefined)
      reports.fault(
        ['modifierGroups', id, 'sequencePrices', String(at), 'prices', place.currency],
        `${label}: choice ${at + 1} has no price in ${place.currency}.`,
      );
    return { price: price ?? 0, ...sizesHere(sizePrices, place.currency) };
  });
}

/** Prices by size, of the sizes that have one in the currency. */
function sizesHere(
  sizePrices: Drafted<ModifierGroup>['modifiers'][number]['sizePrices'],
  currency: string,
): Pick<SequencePrice, 'sizePrices'> {
  const here = (sizePrices ?? []).flatMap(({ size, prices }) => {
    const price = priceHere(prices, currency);
    return price === undefined ? [] : [{ size, price }];
  });
  return here.length > 0 ? { sizePrices: here } : {};
}

const pathOf = (group: { id: string }, choice: { id: string }): string[] => [
  'modifierGroups',
  group.id,
  'modifiers',
  choice.id,
];
