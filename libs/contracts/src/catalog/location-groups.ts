import { z } from 'zod';
import { Id, Instant, Line, Version } from '../primitives.js';
import { draftCollection } from './collection.js';
import { Prices, timedPrices } from './prices.js';

const present = z.boolean().nullable().meta({ description: 'Sold there or not; null as the chain says.' });
const variationFields = {
  variationId: Id,
  present,
  prices: Prices.meta({ description: 'In the currencies that are not named the chain’s price holds.' }),
  timedPrices: timedPrices.optional().meta({
    description:
      'Instead of its price at the times of a schedule. Left out: those that hold otherwise, and none where a price of its own is said; empty: none.',
  }),
};
const itemFields = { itemId: Id, present };
const variationThere = z.object(variationFields).meta({ id: 'GroupVariationOverride' });
const itemThere = z.object({ ...itemFields, variations: z.array(variationThere) }).meta({ id: 'GroupItemOverride' });

const NewVariationThere = z
  .strictObject({
    ...variationFields,
    present: present.default(null),
    prices: variationFields.prices.default({}),
  })
  .meta({ id: 'NewGroupVariationOverride' });
const overrides = z
  .array(
    z
      .strictObject({
        ...itemFields,
        present: present.default(null),
        variations: z.array(NewVariationThere).max(200).default([]),
      })
      .meta({ id: 'NewGroupItemOverride' }),
  )
  .max(500)
  .meta({
    description:
      'What is different about items there. Where it says nothing the chain holds; a location says the last word.',
  });

const groupFields = {
  name: Line(100),
  position: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta({ description: 'Of two groups with one location the later decides; equals in the order of ids.' }),
  locationIds: z.array(Id).max(1000),
};

/** Locations that differ from the chain in the same way: airports, a region, franchises. */
export const LocationGroup = z
  .object({
    id: Id,
    ...groupFields,
    overrides: z.array(itemThere),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'LocationGroup' });
export type LocationGroup = z.infer<typeof LocationGroup>;

export const LocationGroups = draftCollection({
  name: 'LocationGroup',
  plural: 'LocationGroups',
  noun: { one: 'a group of locations', many: 'groups of locations' },
  path: 'location-groups',
  resource: LocationGroup,
  new: z
    .strictObject({
      id: Id.optional(),
      ...groupFields,
      position: groupFields.position.default(0),
      locationIds: groupFields.locationIds.default([]),
      overrides: overrides.default([]),
    })
    .meta({ id: 'NewLocationGroup' }),
  change: z
    .strictObject({ ...groupFields, overrides, version: Version })
    .partial()
    .meta({ id: 'LocationGroupChange' }),
  example: { name: 'Airports' },
});
