import type { Menu } from '@comanda/contracts';
import type {
  ModifierGroup,
  ModifierOption,
  ServiceCharge,
  SizedPrice,
  Tax,
  TaxPolicy,
  TimedPrice,
  TimeWindow,
} from '@comanda/pricing';

type MenuItem = Menu['items'][number];
type MenuVariation = MenuItem['variations'][number];
type MenuModifier = Menu['modifierGroups'][number]['modifiers'][number];
type PreModifier = NonNullable<Menu['modifierGroups'][number]['preModifiers']>[number];
type MenuTax = Menu['taxes'][number];

/** Something a guest can order, with all that its price depends on. */
export interface Offer {
  readonly item: MenuItem;
  readonly variation: MenuVariation;
  /** When it can be ordered; `undefined`: at all times. */
  readonly windows: readonly TimeWindow[] | undefined;
  /** What it costs at certain times instead of its price. */
  readonly timedPrices: readonly TimedPrice[];
  readonly taxes: readonly Tax[];
  readonly groups: readonly ModifierGroup[];
}

/** A choice that goes with an offer. */
export interface Choice {
  readonly modifier: MenuModifier;
  readonly groupId: string;
  /** How it may be asked for, by code. */
  readonly preModifiers: ReadonlyMap<string, PreModifier>;
  /** Taxes of its own; null when it is taxed with what it modifies. */
  readonly taxes: readonly Tax[] | null;
}

/** A published menu, ready to be priced from: looked up by variation, never searched. */
export interface MenuIndex {
  readonly hash: string;
  readonly locationId: string;
  readonly currency: string;
  /** Of the location: what its schedules are read by. */
  readonly timeZone: string;
  readonly policy: TaxPolicy;
  readonly offers: ReadonlyMap<string, Offer>;
  readonly choices: ReadonlyMap<string, Choice>;
  /** For the groups whose choices cost by their position: the prices, by the group's id. */
  readonly sequences: ReadonlyMap<string, readonly SizedPrice[]>;
  readonly serviceCharges: readonly { readonly charge: ServiceCharge; readonly described: MenuServiceCharge }[];
  /** The menu's taxes by the id that pricing knows them by. */
  readonly taxes: ReadonlyMap<string, MenuTax>;
}
type MenuServiceCharge = Menu['serviceCharges'][number];

/** Prepares a menu for pricing. What it refers to and does not contain is left out: catalog publishes nothing of the kind. */
export function indexMenu(menu: Menu): MenuIndex {
  const taxes = new Map(menu.taxes.map((tax) => [tax.id, { tax, priced: pricedTax(tax) }]));
  const taxesOf = (ids: readonly string[]): Tax[] => ids.flatMap((id) => taxes.get(id)?.priced ?? []);
  const groups = linkGroups(menu.modifierGroups);
  const groupsOf = (ids: readonly string[]): ModifierGroup[] => ids.flatMap((id) => groups.get(id) ?? []);
  const schedules = new Map(menu.schedules?.map(({ id, windows }) => [id, windows]));
  const { roundingMode, roundingLevel, step, inclusiveTarget } = menu.jurisdiction;
  return {
    hash: menu.hash,
    locationId: menu.locationId,
    currency: menu.currency,
    timeZone: menu.timeZone,
    policy: { roundingMode, roundingLevel, step, inclusiveTarget },
    offers: new Map(
      menu.items.flatMap((item) => {
        const shared = {
          item,
          windows: item.scheduleId === undefined ? undefined : (schedules.get(item.scheduleId) ?? []),
          taxes: taxesOf(item.taxIds),
          groups: groupsOf(item.modifierGroupIds),
        };
        return item.variations.map((variation) => {
          const timedPrices = (variation.timedPrices ?? []).map(({ scheduleId, price }) => ({
            price,
            windows: schedules.get(scheduleId) ?? [],
          }));
          return [variation.id, { ...shared, variation, timedPrices }] as const;
        });
      }),
    ),
    choices: new Map(
      menu.modifierGroups.flatMap(({ id: groupId, modifiers, preModifiers: ways = [] }) => {
        const preModifiers = new Map(ways.map((way) => [way.code, way]));
        return modifiers.map((modifier) => {
          const own = modifier.taxIds && taxesOf(modifier.taxIds);
          return [modifier.id, { modifier, groupId, preModifiers, taxes: own }] as const;
        });
      }),
    ),
    sequences: new Map(
      menu.modifierGroups.flatMap(({ id, sequencePrices }) => (sequencePrices ? [[id, sequencePrices]] : [])),
    ),
    serviceCharges: menu.serviceCharges.map((described) => ({
      described,
      charge: pricedCharge(described, taxesOf(described.taxIds)),
    })),
    taxes: new Map([...taxes.values()].map(({ tax, priced }) => [priced.id, tax])),
  };
}

/**
 * A tax as pricing takes it. Its id there says what it is as well: lines of one check may come from two menus between
 * which the rate changed, and are then taxed by two taxes.
 */
function pricedTax({ id, rate, inclusive, compounds, joinsBase, serviceTypes }: MenuTax): Tax {
  return {
    id: [id, rate, inclusive, compounds, joinsBase].join(':'),
    rate,
    inclusive,
    compoundsOnPrevious: compounds,
    joinsBase,
    ...(serviceTypes && { serviceTypes }),
  };
}

function pricedCharge(charge: MenuServiceCharge, taxes: readonly Tax[]): ServiceCharge {
  const { id, phase, rate, minimumCovers, base = 'post_discount', fixed } = charge;
  const always = { id, phase, minimumCovers: minimumCovers ?? 0, taxes };
  return fixed ? { ...always, kind: 'fixed', ...fixed } : { ...always, kind: 'percent', rate, base };
}

/** Links groups to the groups below their modifiers; they may go in circles, a guest's choice does not. */
function linkGroups(described: Menu['modifierGroups']): ReadonlyMap<string, ModifierGroup> {
  const groups = new Map<string, ModifierGroup & { modifiers: ModifierOption[] }>(
    described.map(({ id, min, max }) => [id, { id, min, max, modifiers: [] }]),
  );
  for (const { id, modifiers } of described) {
    const options = modifiers.map((modifier) => ({
      id: modifier.id,
      groups: modifier.modifierGroupIds.flatMap((below) => groups.get(below) ?? []),
    }));
    groups.get(id)?.modifiers.push(...options);
  }
  return groups;
}
