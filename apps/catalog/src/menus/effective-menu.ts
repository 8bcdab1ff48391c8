import type { Item, Menu } from '@comanda/contracts';
import type { Fault } from '@comanda/platform';
import { askedGroups } from './asked-groups.js';
import { withCombos } from './combos.js';
import {
  byPosition,
  type Draft,
  type Drafted,
  type Layer,
  type Override,
  type Place,
  type Report,
  type Reports,
} from './draft.js';
import { schedulesNamed } from './schedules.js';
import { TaxLaw } from './tax-law.js';
import { textIn } from './texts.js';

/** A menu before it has its address. */
export type MenuContent = Omit<Menu, 'hash'>;

/**
 * The menu a location would sell from: what the chain drafted, overlaid with what differs here, at the prices of the
 * location's currency and with the taxes that are law here. Equal drafts give equal menus, in whatever order they come.
 * @param layers what differs, from the general to the particular: where one says nothing, the one before it holds
 * What has no price in the location's currency is not sold there, unless somebody said that it is.
 * @returns the menu, what was left out of it, and all that keeps it from being published; with faults it is not whole
 */
export function effectiveMenu(
  draft: Draft,
  layers: readonly Layer[],
  place: Place,
): { menu: MenuContent; faults: Fault[]; leftOut: Fault[] } {
  const faults: Fault[] = [];
  const leftOut: Fault[] = [];
  const reports: Reports = { fault: reportInto(faults, place), leaveOut: reportInto(leftOut, place) };
  const taxes = new TaxLaw(draft.taxes, place.locationId, reports.fault);

  const offered = inOrderOfMenu(draft).flatMap((item) => offeredAt(place, item, layers, reports) ?? []);
  const items = withCombos(offered, draft, { place, reports }).map((item) =>
    toMenuItem(item, { draft, place, taxes, report: reports.fault }),
  );
  const modifierGroups = askedGroups(
    draft.modifierGroups,
    items.map(({ id, name, modifierGroupIds }) => ({
      modifierGroupIds,
      path: ['items', id],
      label: textIn(name, place.languages),
    })),
    { place, taxes, reports },
  );
  const serviceCharges = chargesAt(draft, { place, taxes, report: reports.leaveOut });
  const headings = new Set(items.map(({ categoryId }) => categoryId));
  const { name: _, ...facts } = place;
  const schedules = schedulesNamed(draft, items, reports.fault);
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
    // A menu without them says what it said before there were any.
    ...(schedules.length > 0 && { schedules }),
  };
  return { menu, faults, leftOut };
}

const reportInto =
  (faults: Fault[], { locationId, name }: Place): Report =>
  (path, detail) =>
    faults.push({ pointer: ['', 'locations', locationId, ...path].join('/'), detail: `${name}: ${detail}` });

/** By heading, then by place under it; what has no heading comes last. */
function inOrderOfMenu({ categories, items }: Draft): Drafted<Item>[] {
  const rank = new Map(categories.toSorted(byPosition).map(({ id }, place) => [id, place]));
  const rankOf = ({ categoryId }: Drafted<Item>): number => rank.get(categoryId ?? '') ?? rank.size;
  return items.toSorted((one, other) => rankOf(one) - rankOf(other) || byPosition(one, other));
}

type Offered = Omit<Drafted<Item>, 'variations'> & { variations: OfferedVariation[] };
type OfferedVariation = Menu['items'][number]['variations'][number];

/** An item as it is sold at a place; `undefined` when it is not. */
function offeredAt(place: Place, item: Drafted<Item>, layers: readonly Layer[], reports: Reports): Offered | undefined {
  const said = layers.flatMap((layer) => layer.get(item.id) ?? []);
  if (!(lastSaid(said.map(({ present }) => present)) ?? item.present)) return undefined;
  const variations = item.variations.flatMap((variation) => {
    const saidOfIt = said.flatMap((override) =>
      override.variations.filter(({ variationId }) => variationId === variation.id),
    );
    const present = lastSaid(saidOfIt.map((each) => each.present));
    if (present === false) return [];
    const { price, timedPrices } = pricesAt(place, variation, saidOfIt);
    if (price !== undefined) return [toMenuVariation(variation, price, timedPrices)];
    const report = present ? reports.fault : reports.leaveOut;
    report(
      ['items', item.id, 'variations', variation.id, 'prices', place.currency],
      `${textIn(item.name, place.languages)} (${textIn(variation.name, place.languages)}) has no price in ${place.currency}.`,
    );
    return [];
  });
  // An item with every variation away is not sold here; one that never had any is a mistake, and stays to be reported.
  if (variations.length === 0 && item.variations.length > 0) return undefined;
  return { ...item, variations };
}

/**
 * What a variation costs at a place, and at certain times of it instead. A happy hour is off the price that it was said with:
 * where another price holds, only one that was said with it, or after it, does.
 */
function pricesAt(
  { currency }: Place,
  { prices, timedPrices = [] }: Drafted<Item>['variations'][number],
  said: Override['variations'],
): { price: number | undefined; timedPrices: TimedPrices } {
  const ofChain = timedPrices.flatMap(({ scheduleId, prices: then }) => {
    const price = then[currency];
    return price === undefined ? [] : [{ scheduleId, price }];
  });
  const chain: { price: number | undefined; timedPrices: TimedPrices } = {
    price: prices[currency],
    timedPrices: ofChain,
  };
  return said.reduce((before, { price, timedPrices: then }) => {
    const own = then?.map(({ scheduleId, price: { amount } }) => ({ scheduleId, price: amount }));
    return {
      price: price?.amount ?? before.price,
      timedPrices: own ?? (price ? [] : before.timedPrices),
    };
  }, chain);
}
type TimedPrices = NonNullable<OfferedVariation['timedPrices']>;

const toMenuVariation = (
  { id, name, sku, size }: Drafted<Item>['variations'][number],
  price: number,
  timedPrices: TimedPrices,
): OfferedVariation => ({
  id,
  name,
  sku,
  price,
  ...(size && { size }),
  ...(timedPrices.length > 0 && { timedPrices }),
});

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
  const station = item.station ?? draft.categories.find(({ id }) => id === item.categoryId)?.station;
  return {
    id: item.id,
    categoryId: item.categoryId,
    name: item.name,
    description: item.description,
    pictures: item.pictures,
    taxIds: taxes.of(item.taxIds, path, label),
    modifierGroupIds: [...new Set(item.modifierGroupIds)],
    ...(item.nutrition && { nutrition: item.nutrition }),
    ...(station && { station }),
    ...(item.scheduleId && { scheduleId: item.scheduleId }),
    variations: item.variations,
  };
}

const toMenuCategory = ({ id, name, position }: Draft['categories'][number]): Menu['categories'][number] => ({
  id,
  name,
  position,
});

/** A fixed charge without an amount in the place's currency is left out, like an item without a price in it. */
function chargesAt(
  { serviceCharges }: Draft,
  { place: { locationId, currency }, taxes, report }: { place: Place; taxes: TaxLaw; report: Report },
): Menu['serviceCharges'] {
  return serviceCharges
    .filter(({ locationIds }) => locationIds === null || locationIds.includes(locationId))
    .toSorted(byPosition)
    .flatMap(({ id, name, rate, phase, minimumCovers, base, fixed, taxIds, serviceTypes }) => {
      const amount = fixed?.prices[currency];
      if (fixed && amount === undefined) {
        report(['serviceCharges', id, 'fixed', 'prices', currency], `${name} has no amount in ${currency}.`);
        return [];
      }
      return {
        id,
        name,
        rate: fixed ? 0 : rate,
        phase,
        minimumCovers,
        // A menu that says nothing of these says what it said before it could.
        ...(base === 'pre_discount' && { base }),
        ...(fixed && amount !== undefined && { fixed: { amount, per: fixed.per } }),
        taxIds: taxes.of(taxIds, ['serviceCharges', id], name),
        serviceTypes,
      };
    });
}
