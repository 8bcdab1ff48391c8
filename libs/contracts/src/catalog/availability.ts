import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { defineEvent } from '../event.js';
import { Page, PageQuery } from '../paging.js';
import { Id, Instant } from '../primitives.js';

const availabilityFields = {
  id: Id.meta({ description: 'Of the availability: one for each location, item, variation and reason.' }),
  locationId: Id,
  itemId: Id,
  variationId: Id.nullable().meta({ description: 'Null: every variation.' }),
  reason: z.enum(['manual', 'stock']),
  available: z.boolean(),
  until: Instant.nullable().meta({ description: 'When an unavailable one comes back by itself.' }),
};

/** Whether something can be ordered, for one reason. It can be ordered when no reason speaks against it. */
export const Availability = z
  .object({ ...availabilityFields, changedAt: Instant.nullable().meta({ description: 'Null: it never changed.' }) })
  .meta({ id: 'Availability' });
export type Availability = z.infer<typeof Availability>;

const LocationParams = z.strictObject({ locationId: Id });

export const ListUnavailable = defineEndpoint({
  id: 'listUnavailable',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/availability',
  summary: 'What cannot be ordered at a location now, in the order of the ids.',
  scope: 'catalog:read',
  params: LocationParams,
  query: PageQuery,
  answer: Page('AvailabilityPage', Availability),
});

export const SetAvailability = defineEndpoint({
  id: 'setAvailability',
  method: 'PUT',
  path: '/v1/catalog/locations/{locationId}/availability/{itemId}',
  summary: 'Takes an item, or one variation of it, off sale at a location, or puts it back. It counts at once.',
  description: 'What is out of stock stays off sale until it is received, whatever is said here.',
  scope: 'catalog:write',
  params: LocationParams.extend({ itemId: Id }),
  body: z
    .strictObject({
      variationId: Id.nullable().default(null),
      available: z.boolean(),
      until: Instant.nullable()
        .default(null)
        .meta({ description: 'When it comes back by itself; null: not before somebody says so.' }),
    })
    .meta({ id: 'AvailabilityChange' }),
  answer: Availability,
  refusals: ['reference_unknown', 'until_passed'],
  example: { available: false },
});

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export const ItemAvailabilityChanged = defineEvent('comanda.item.availability_changed.v1', {
  service: 'catalog',
  summary: 'An item, or one variation of it, can be ordered at a location again, or no longer.',
  subject: 'id',
  data: z.object(availabilityFields),
  example: { id: ID, locationId: ID, itemId: ID, variationId: null, reason: 'manual', available: false, until: null },
});
