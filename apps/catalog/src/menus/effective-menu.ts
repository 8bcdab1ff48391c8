import type { Item, Menu } from '@comanda/contracts';
import type { Fault } from '@comanda/platform';
import { askedGroups } from './asked-groups.js';
import { byPosition, type Draft, type Drafted, type Layer, type Place, type Report } from './draft.js';
import { TaxLaw } from './tax-law.js';
import { textIn } from './texts.js';

/** A menu before it has its address. */
export type MenuContent = Omit<Menu, 'hash'>;

/**
 * The menu a location would sell from: what the chain drafted, overlaid with what differs here, at the prices of the
 * location's currency and with the taxes that are law here. Equal drafts give equal menus, in whatever order they come.
 * @param layers what differs, from the general to the particular: where one says nothing, the one before it holds
 * @returns the menu, and all that keeps it from being published; with faults the menu is not whole
 */
export function effectiveMenu(
  draft: Draft,
  layers: readonly Layer[],
  place: Place,
): { menu: MenuContent; faults: Fault[] } {
  const faults: Fault[] = [];
  const report: Report = (path, detail) =>
    faults.push({
      pointer: ['', 'locations', place.locationId, ...path].join('/'),
      detail: `${place.name}: ${detail}`,
    });
  const taxes = new TaxLaw(draft.taxes, place.locationId, report);

  const offered = inOrderOfMenu(draft).flatMap((item) => offeredAt(place, item, layers) ?? []);
  const items = offered.map((item) => toMenuItem(item, { draft, place, taxes, report }));
  const modifierGroups = askedGroups(
    draft.modifierGroups,
    items.map(({ id, name, modifierGroupIds }) => ({
      modifierGroupIds,
      path: ['items', id],
      label: textIn(name, place.languages),
    })),
    { place, taxes, report },
  );
  const serviceCharges = chargesAt(draft, place, taxes);
  const headings = new Set(items.map(({ categoryId }) => categoryId));
  const { name: _, ...facts } = place;
  const menu = {
    ...facts,
    categories: draft.categories
      .filter(({ id }) => headings.has(id))
      .toSorted(byPosition)
      .map(toMenuCategory),
    items,
    modifierGroups,
    taxes: taxes.borneBy([...items, ...modifierGroups.flatMap(({ modifiers }) => modifiers), ...serviceCharges]),
    serviceCharges,
  };
  return { menu, faults };
}

/** By heading, then by place under it; what has no heading comes last. */
function inOrderOfMenu({ categories, items }: Draft): Drafted<Item>[] {
  const rank = new Map(categories.toSorted(byPosition).map(({ id }, place) => [id, place]));
  const rankOf = ({ categoryId }: Drafted<Item>): number => rank.get(categoryId ?? '') ?? rank.size;
  return items.toSorted((one, other) => rankOf(one) - rankOf(other) || byPosition(one, other));
}

type Offered = Omit<Drafted<Item>, 'variations'> & { variations: OfferedVariation[] };
type OfferedVariation = Omit<Drafted<Item>['variations'][number], 'prices'> & { price: number | undefined };

/** An item as it is sold at a place; `undefined` when it is not. */
function offeredAt(place: Place, item: Drafted<Item>, layers: readonly Layer[]): Offered | undefined {
  const said = layers.flatMap((layer) => layer.get(item.id) ?? []);
  if (!(lastSaid(said.map(({ present }) => present)) ?? item.present)) return undefined;
  const variations = item.variations.flatMap(({ prices, ...variation }) => {
    const saidOfIt = said.flatMap((override) =>
      override.variations.filter(({ variationId }) => variationId === variation.id),
    );
    if (lastSaid(saidOfIt.map(({ present }) => present)) === false) return [];
    const price = lastSaid(saidOfIt.map(({ price: money }) => money))?.amount ?? prices[place.currency];
    return [{ ...variation, price }];
  });
  // An item with every variation away is not sold here; one that never had any is a mistake, and stays to be reported.
  if (variations.length === 0 && item.variations.length > 0) return undefined;
  return { ...item, variations };
}

const lastSaid = <T>(values: readonly (T | null)[]): T | undefined =>
  values.findLast((value) => value !== null) ?? undefined;

function toMenuItem(
  item: Offered,
  { draft, place, taxes, report }: { draft: Draft; place: Place; taxes: TaxLaw; report: Report },
): Menu['items'][number] {
  const path = ['items', item.id];
  const label = textIn(item.name, place.languages);
  if (item.variations.length === 0) report([...path, 'variations'], `${label} has no variation.`);
  if (item.categoryId !== null && !draft.categories.some(({ id }) => id === item.categoryId))
    report([...path, 'categoryId'], `${label} is in a category that does not exist.`);
  return {
    id: item.id,
    categoryId: item.categoryId,
    name: item.name,
    description: item.description,
    pictures: item.pictures,
    taxIds: taxes.of(item.taxIds, path, label),
    modifierGroupIds: [...new Set(item.modifierGroupIds)],
    variations: item.variations.map(({ id, name, sku, price }) => {
      if (price === undefined)
        report(
          [...path, 'variations', id, 'prices', place.currency],
          `${label} (${textIn(name, place.languages)}) has no price in ${place.currency}.`,
        );
      return { id, name, sku, price: price ?? 0 };
    }),
  };
}

const toMenuCategory = ({ id, name, position }: Draft['categories'][number]): Menu['categories'][number] => ({
  id,
  name,
  position,
});

function chargesAt({ serviceCharges }: Draft, { locationId }: Place, taxes: TaxLaw): Menu['serviceCharges'] {
  return serviceCharges
    .filter(({ locationIds }) => locationIds === null || locationIds.includes(locationId))
    .toSorted(byPosition)
    .map(({ id, name, rate, phase, minimumCovers, taxIds, serviceTypes }) => ({
      id,
      name,
      rate,
      phase,
      minimumCovers,
      taxIds: taxes.of(taxIds, ['serviceCharges', id], name),
      serviceTypes,
    }));
}
