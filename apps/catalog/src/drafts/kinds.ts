import {
  Categories,
  type Category,
  type Item,
  Items,
  type LocationGroup,
  LocationGroups,
  type ModifierGroup,
  ModifierGroups,
  type Schedule,
  Schedules,
  type ServiceCharge,
  ServiceCharges,
  type Tax,
  Taxes,
} from '@comanda/contracts';

/** What a draft object says, without what all of them have. */
export type Fields<Resource> = Omit<Resource, 'id' | 'version' | 'createdAt' | 'updatedAt'>;

/** That a draft object names another, or a location, and where in it. */
export interface Reference {
  readonly kind: KindName | 'location' | 'variation';
  readonly id: string;
  /** The item whose variation it must be; any, when it is left out. */
  readonly of?: string;
  readonly pointer: string;
}

/** A part with an id of its own. */
export interface Part {
  readonly id: string;
  readonly sku: string | null;
  readonly pointer: string;
}

/** One kind of draft object: its routes, and what its rules have to know of its fields. */
export interface Kind<Resource extends object = object> {
  readonly name: KindName;
  readonly routes:
    | typeof Categories
    | typeof Items
    | typeof ModifierGroups
    | typeof Taxes
    | typeof ServiceCharges
    | typeof Schedules
    | typeof LocationGroups;
  references(fields: Fields<Resource>): Reference[];
  /** The field that lists its parts, where it has any. */
  readonly parts?: 'variations' | 'modifiers';
}
export type KindName =
  | 'category'
  | 'item'
  | 'modifier_group'
  | 'tax'
  | 'service_charge'
  | 'schedule'
  | 'location_group';

const category: Kind<Category> = { name: 'category', routes: Categories, references: () => [] };

const item: Kind<Item> = {
  name: 'item',
  routes: Items,
  parts: 'variations',
  references: ({ categoryId, taxIds, modifierGroupIds, scheduleId = null, variations }) => [
    ...(categoryId === null ? [] : [{ kind: 'category' as const, id: categoryId, pointer: '/categoryId' }]),
    ...listed('tax', taxIds, '/taxIds'),
    ...listed('modifier_group', modifierGroupIds, '/modifierGroupIds'),
    ...(scheduleId === null ? [] : [{ kind: 'schedule' as const, id: scheduleId, pointer: '/scheduleId' }]),
    ...variations.flatMap(({ timedPrices = [] }, v) =>
      timedPrices.map(({ scheduleId: id }, t) => ({
        kind: 'schedule' as const,
        id,
        pointer: `/variations/${v}/timedPrices/${t}/scheduleId`,
      })),
    ),
    ...componentsOf(variations),
  ],
};

/** What combos offer. A combo may be made of another variation of its own item, which need not be drafted before it. */
const componentsOf = (variations: Fields<Item>['variations']): Reference[] => {
  const own = new Set(variations.map(({ id }) => id));
  return variations.flatMap(({ slots = [] }, v) =>
    slots.flatMap(({ choices }, s) =>
      choices.flatMap(({ variationId: id }, c) =>
        own.has(id)
          ? []
          : [{ kind: 'variation' as const, id, pointer: `/variations/${v}/slots/${s}/choices/${c}/variationId` }],
      ),
    ),
  );
};

const modifierGroup: Kind<ModifierGroup> = {
  name: 'modifier_group',
  routes: ModifierGroups,
  parts: 'modifiers',
  references: ({ modifiers }) =>
    modifiers.flatMap(({ taxIds, modifierGroupIds }, i) => [
      ...listed('tax', taxIds, `/modifiers/${i}/taxIds`),
      ...listed('modifier_group', modifierGroupIds, `/modifiers/${i}/modifierGroupIds`),
    ]),
};

const tax: Kind<Tax> = {
  name: 'tax',
  routes: Taxes,
  references: ({ locationIds }) => listed('location', locationIds, '/locationIds'),
};

const serviceCharge: Kind<ServiceCharge> = {
  name: 'service_charge',
  routes: ServiceCharges,
  references: ({ taxIds, locationIds }) => [
    ...listed('tax', taxIds, '/taxIds'),
    ...listed('location', locationIds, '/locationIds'),
  ],
};

const schedule: Kind<Schedule> = { name: 'schedule', routes: Schedules, references: () => [] };

const locationGroup: Kind<LocationGroup> = {
  name: 'location_group',
  routes: LocationGroups,
  references: ({ locationIds, overrides }) => [
    ...listed('location', locationIds, '/locationIds'),
    ...overrides.flatMap(({ itemId, variations }, i) => [
      { kind: 'item' as const, id: itemId, pointer: `/overrides/${i}/itemId` },
      ...variations.map(({ variationId: id }, v) => ({
        kind: 'variation' as const,
        id,
        of: itemId,
        pointer: `/overrides/${i}/variations/${v}/variationId`,
      })),
      ...variations.flatMap(({ timedPrices = [] }, v) =>
        timedPrices.map(({ scheduleId: id }, t) => ({
          kind: 'schedule' as const,
          id,
          pointer: `/overrides/${i}/variations/${v}/timedPrices/${t}/scheduleId`,
        })),
      ),
    ]),
  ],
};

/** Everything that can be drafted. */
export const KINDS: readonly Kind[] = [category, item, modifierGroup, tax, serviceCharge, schedule, locationGroup];

const listed = (kind: Reference['kind'], ids: readonly string[] | null, pointer: string): Reference[] =>
  (ids ?? []).map((id, i) => ({ kind, id, pointer: `${pointer}/${i}` }));
