import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { Page, PageQuery } from '../paging.js';
import { Id, Instant, Price, Version } from '../primitives.js';

const present = z.boolean().nullable().meta({ description: 'Sold here or not; null as the chain says.' });
const variationOverride = z
  .strictObject({
    variationId: Id,
    present,
    price: Price.nullable().meta({ description: 'In the location’s currency; null for the chain’s price.' }),
    timedPrices: z
      .array(z.strictObject({ scheduleId: Id, price: Price }).meta({ id: 'TimedPriceOverride' }))
      .max(20)
      .optional()
      .meta({
        description:
          'Instead of its price at the times of a schedule. Left out: those that hold otherwise, and none where a price of its own is said; empty: none.',
      }),
  })
  .meta({ id: 'VariationOverride' });

/** What is different about an item at one location. Where it says nothing, and when it is removed, the chain's draft holds. */
export const ItemOverride = z
  .object({
    locationId: Id,
    itemId: Id,
    present,
    variations: z.array(variationOverride),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'ItemOverride' });
export type ItemOverride = z.infer<typeof ItemOverride>;

const LocationParams = z.strictObject({ locationId: Id });
const OverrideParams = z.strictObject({ locationId: Id, itemId: Id });

export const ListOverrides = defineEndpoint({
  id: 'listOverrides',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/overrides',
  summary: 'What is different at a location, in the order of the items’ ids.',
  scope: 'catalog:read',
  params: LocationParams,
  query: PageQuery,
  answer: Page('ItemOverridePage', ItemOverride),
});

export const PutOverride = defineEndpoint({
  id: 'putOverride',
  method: 'PUT',
  path: '/v1/catalog/locations/{locationId}/overrides/{itemId}',
  summary: 'Says what is different about an item at a location, in place of what was said before.',
  description: 'The first needs no version; to replace one, send the version you read.',
  scope: 'catalog:write',
  params: OverrideParams,
  concurrency: 'required',
  body: z
    .strictObject({
      present: present.default(null),
      variations: z
        .array(variationOverride.extend({ present: present.default(null), price: Price.nullable().default(null) }))
        .max(200)
        .default([]),
      version: Version.optional(),
    })
    .meta({ id: 'NewItemOverride' }),
  answer: ItemOverride,
  refusals: ['reference_unknown', 'currency_mismatch'],
  example: {
    variations: [{ variationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', price: { amount: 1150, currency: 'USD' } }],
  },
});

export const RemoveOverride = defineEndpoint({
  id: 'removeOverride',
  method: 'DELETE',
  path: '/v1/catalog/locations/{locationId}/overrides/{itemId}',
  summary: 'Makes the item here what it is in the whole chain.',
  scope: 'catalog:write',
  params: OverrideParams,
  concurrency: 'required',
  status: 204,
});
