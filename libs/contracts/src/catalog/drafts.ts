import { z } from 'zod';
import { Code, Id, Instant, Line, Rate, ServiceType, Texts, Version } from '../primitives.js';
import { draftCollection } from './collection.js';
import { Slots } from './combos.js';
import { ChargeBase, ChargePer, Nutrition, Picture } from './menu.js';
import { PreModifiers, PriceDifferences, Prices, SequencePrices, SizePrices, timedPrices } from './prices.js';

// What a chain drafts once for all its locations; what differs at one of them is an override (overrides.ts).

/** What every draft object has beside its own fields. */
const stamps = { version: Version, createdAt: Instant, updatedAt: Instant };

const position = z.int().min(0).max(1_000_000).meta({ description: 'Lower comes first; equals in the order of ids.' });
const taxIds = z.array(Id).max(20);
const locationIds = z.array(Id).max(1000).nullable().meta({ description: 'Where it applies; null for everywhere.' });
const serviceTypes = z
  .array(ServiceType)
  .min(1)
  .max(4)
  .nullable()
  .meta({ description: 'Applies to these alone; null for all.' });

// ── Categories ──

const station = Code.nullable().meta({
  description: 'Where the kitchen makes it, such as `grill`; of an item, null for that of its category.',
});
const categoryFields = { name: Texts, position };

/** A heading of the menu. */
export const Category = z
  .object({ id: Id, ...categoryFields, station: station.optional(), ...stamps })
  .meta({ id: 'Category' });
export type Category = z.infer<typeof Category>;

export const Categories = draftCollection({
  name: 'Category',
  plural: 'Categories',
  noun: { one: 'a category', many: 'categories' },
  path: 'categories',
  resource: Category,
  new: z
    .strictObject({
      id: Id.optional(),
      ...categoryFields,
      position: position.default(0),
      station: station.default(null),
    })
    .meta({ id: 'NewCategory' }),
  change: z
    .strictObject({ ...categoryFields, station, version: Version })
    .partial()
    .meta({ id: 'CategoryChange' }),
  example: { name: { en: 'Classic', it: 'Classiche' } },
});

// ── Items ──

const variationFields = {
  name: Texts,
  sku: Line(100).nullable().meta({ description: 'A code of your own, unique in the organization.' }),
  prices: Prices,
};
const size = Code.nullable().meta({ description: 'What choices with prices by size go by, such as `large`.' });
const NewVariation = z
  .strictObject({
    id: Id.optional(),
    ...variationFields,
    sku: variationFields.sku.default(null),
    prices: Prices.default({}),
    timedPrices: timedPrices.default([]),
    size: size.default(null),
    slots: Slots.default([]),
  })
  .meta({ id: 'NewVariation', description: 'With the id of a present one it changes that one.' });

const itemFields = {
  name: Texts,
  description: Texts.nullable(),
  pictures: z.array(Picture).max(20),
  categoryId: Id.nullable(),
  position,
  present: z.boolean().meta({ description: 'Sold at every location whose override does not say otherwise.' }),
  taxIds: taxIds.nullable().meta({
    description: 'Its own taxes, of which each location takes those that apply there; null for the default ones.',
  }),
  modifierGroupIds: z.array(Id).max(50).meta({ description: 'In the order in which they are asked.' }),
};
const nutrition = Nutrition.nullable().meta({ description: 'Null: nobody said what is in it.' });
const scheduleId = Id.nullable().meta({ description: 'When it can be ordered; null: at all times.' });
const variations = z.array(NewVariation).max(200).meta({ description: 'In the order in which they are shown.' });

/** Something that is sold, in one or more variations. */
export const Item = z
  .object({
    id: Id,
    ...itemFields,
    nutrition: nutrition.optional(),
    scheduleId: scheduleId.optional(),
    station: station.optional(),
    variations: z.array(
      z
        .object({
          id: Id,
          ...variationFields,
          timedPrices: timedPrices.optional(),
          size: size.optional(),
          slots: Slots.optional(),
        })
        .meta({ id: 'Variation' }),
    ),
    ...stamps,
  })
  .meta({ id: 'Item' });
export type Item = z.infer<typeof Item>;

export const Items = draftCollection({
  name: 'Item',
  plural: 'Items',
  noun: { one: 'an item', many: 'items' },
  path: 'items',
  resource: Item,
  new: z
    .strictObject({
      id: Id.optional(),
      ...itemFields,
      description: itemFields.description.default(null),
      pictures: itemFields.pictures.default([]),
      categoryId: itemFields.categoryId.default(null),
      position: position.default(0),
      present: itemFields.present.default(true),
      taxIds: itemFields.taxIds.default(null),
      modifierGroupIds: itemFields.modifierGroupIds.default([]),
      nutrition: nutrition.default(null),
      scheduleId: scheduleId.default(null),
      station: station.default(null),
      variations: variations.default([]),
    })
    .meta({ id: 'NewItem' }),
  change: z
    .strictObject({ ...itemFields, nutrition, scheduleId, station, variations, version: Version })
    .partial()
    .meta({ id: 'ItemChange' }),
  example: {
    name: { en: 'The Hawaiian Pizza' },
    variations: [
      { name: { en: 'S' }, sku: 'hawaiian-s', prices: { USD: 1050, EUR: 950 } },
      { name: { en: 'L' }, sku: 'hawaiian-l', prices: { USD: 1650, EUR: 1490 } },
    ],
  },
});

// ── Modifier groups ──

const modifierFields = {
  name: Texts,
  prices: PriceDifferences,
  taxIds: taxIds.nullable().meta({ description: 'Taxes of its own; null when it is taxed with what it modifies.' }),
  modifierGroupIds: z.array(Id).max(20).meta({ description: 'What is asked when it is chosen.' }),
};
const NewModifier = z
  .strictObject({
    id: Id.optional(),
    ...modifierFields,
    prices: PriceDifferences.default({}),
    taxIds: modifierFields.taxIds.default(null),
    modifierGroupIds: modifierFields.modifierGroupIds.default([]),
    nutrition: Nutrition.nullable().default(null),
    sizePrices: SizePrices.default([]),
  })
  .meta({ id: 'NewModifier', description: 'With the id of a present one it changes that one.' });

const groupFields = {
  name: Texts,
  min: z.int().min(0).max(100).meta({ description: 'At least so many choices.' }),
  max: z.int().min(1).max(100).nullable().meta({ description: 'At most so many; null for no limit.' }),
};
const modifiers = z.array(NewModifier).max(200).meta({ description: 'In the order in which they are shown.' });

/** A question asked with an item, such as the crust, and its answers. */
export const ModifierGroup = z
  .object({
    id: Id,
    ...groupFields,
    sequencePrices: SequencePrices.optional(),
    preModifiers: PreModifiers.optional(),
    modifiers: z.array(
      z
        .object({
          id: Id,
          ...modifierFields,
          nutrition: Nutrition.nullable().optional(),
          sizePrices: SizePrices.optional(),
        })
        .meta({ id: 'Modifier' }),
    ),
    ...stamps,
  })
  .meta({ id: 'ModifierGroup' });
export type ModifierGroup = z.infer<typeof ModifierGroup>;

export const ModifierGroups = draftCollection({
  name: 'ModifierGroup',
  plural: 'ModifierGroups',
  noun: { one: 'a modifier group', many: 'modifier groups' },
  path: 'modifier-groups',
  resource: ModifierGroup,
  new: z
    .strictObject({
      id: Id.optional(),
      ...groupFields,
      min: groupFields.min.default(0),
      max: groupFields.max.default(null),
      sequencePrices: SequencePrices.default([]),
      preModifiers: PreModifiers.default([]),
      modifiers: modifiers.default([]),
    })
    .meta({ id: 'NewModifierGroup' }),
  change: z
    .strictObject({
      ...groupFields,
      sequencePrices: SequencePrices,
      preModifiers: PreModifiers,
      modifiers,
      version: Version,
    })
    .partial()
    .meta({ id: 'ModifierGroupChange' }),
  example: {
    name: { en: 'Extra toppings' },
    max: 5,
    modifiers: [{ name: { en: 'Olives' }, prices: { USD: 150, EUR: 150 } }],
  },
});

// ── Taxes ──

const taxFields = {
  name: Line(100),
  rate: Rate,
  inclusive: z.boolean().meta({ description: 'It is in the price already.' }),
  compounds: z.boolean().meta({ description: 'Taken on the price plus the taxes that joined the base before it.' }),
  joinsBase: z.boolean().meta({ description: 'Its amount joins the base of the taxes after it.' }),
  serviceTypes,
  locationIds,
  byDefault: z
    .boolean()
    .meta({ description: 'On every item that lists no taxes of its own; otherwise only on what lists it.' }),
  position: position.meta({
    description: 'The order in which taxes are taken: it matters where one is taken on another.',
  }),
};

/** A tax, and where it is law. */
export const Tax = z.object({ id: Id, ...taxFields, ...stamps }).meta({ id: 'Tax' });
export type Tax = z.infer<typeof Tax>;

export const Taxes = draftCollection({
  name: 'Tax',
  plural: 'Taxes',
  noun: { one: 'a tax', many: 'taxes' },
  path: 'taxes',
  resource: Tax,
  new: z
    .strictObject({
      id: Id.optional(),
      ...taxFields,
      compounds: taxFields.compounds.default(false),
      joinsBase: taxFields.joinsBase.default(false),
      serviceTypes: serviceTypes.default(null),
      locationIds: locationIds.default(null),
      byDefault: taxFields.byDefault.default(true),
      position: taxFields.position.default(0),
    })
    .meta({ id: 'NewTax' }),
  change: z
    .strictObject({ ...taxFields, version: Version })
    .partial()
    .meta({ id: 'TaxChange' }),
  example: { name: 'Sales tax', rate: 88_750, inclusive: false },
});

// ── Service charges ──

const chargeFields = {
  name: Line(100),
  rate: Rate,
  phase: z.enum(['subtotal', 'total']).meta({ description: 'Taken before taxes, or after them.' }),
  minimumCovers: z.int().min(1).max(1000).nullable().meta({ description: 'Only for so many guests or more.' }),
  taxIds: taxIds.nullable().meta({ description: 'Its own taxes; null for the default ones, empty for none.' }),
  serviceTypes,
  locationIds,
  position,
};
const fixed = z
  .strictObject({ prices: Prices, per: ChargePer })
  .meta({ id: 'FixedCharge', examples: [{ prices: { USD: 250, EUR: 200 }, per: 'cover' }] })
  .nullable()
  .meta({ description: 'Instead of a share, so much in each currency; where it names none, it is not taken.' });

/** A charge for service, and where it is taken. */
export const ServiceCharge = z
  .object({ id: Id, ...chargeFields, base: ChargeBase.optional(), fixed: fixed.optional(), ...stamps })
  .meta({ id: 'ServiceCharge' });
export type ServiceCharge = z.infer<typeof ServiceCharge>;

export const ServiceCharges = draftCollection({
  name: 'ServiceCharge',
  plural: 'ServiceCharges',
  noun: { one: 'a service charge', many: 'service charges' },
  path: 'service-charges',
  resource: ServiceCharge,
  new: z
    .strictObject({
      id: Id.optional(),
      ...chargeFields,
      minimumCovers: chargeFields.minimumCovers.default(null),
      base: ChargeBase.default('post_discount'),
      fixed: fixed.default(null),
      taxIds: chargeFields.taxIds.default([]),
      serviceTypes: serviceTypes.default(null),
      locationIds: locationIds.default(null),
      position: position.default(0),
    })
    .meta({ id: 'NewServiceCharge' }),
  change: z
    .strictObject({ ...chargeFields, base: ChargeBase, fixed, version: Version })
    .partial()
    .meta({ id: 'ServiceChargeChange' }),
  example: { name: 'Large parties', rate: 180_000, phase: 'subtotal', minimumCovers: 8 },
});
