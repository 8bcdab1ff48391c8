import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Version } from './primitives.js';

export const Countdown = z
  .object({
    locationId: Id,
    variationId: Id,
    remaining: z.int().min(0).max(1_000_000),
    version: Version,
    updatedAt: Instant,
  })
  .meta({ id: 'Countdown' });
export type Countdown = z.infer<typeof Countdown>;

const CountdownParams = z.strictObject({ locationId: Id, variationId: Id });

export const SetCountdown = defineEndpoint({
  id: 'setCountdown',
  method: 'PUT',
  path: '/v1/orders/countdowns/{locationId}/{variationId}',
  summary: 'Says how many are left to sell. Each order takes its own in its own transaction.',
  scope: 'orders:write',
  params: CountdownParams,
  body: z
    .strictObject({ remaining: z.int().min(0).max(1_000_000) })
    .meta({ id: 'CountdownChange', examples: [{ remaining: 3 }] }),
  answer: Countdown,
});

export const RemoveCountdown = defineEndpoint({
  id: 'removeCountdown',
  method: 'DELETE',
  path: '/v1/orders/countdowns/{locationId}/{variationId}',
  summary: 'Stops counting.',
  scope: 'orders:write',
  status: 204,
  params: CountdownParams,
});

export const ListCountdowns = defineEndpoint({
  id: 'listCountdowns',
  method: 'GET',
  path: '/v1/orders/countdowns',
  summary: 'What is being counted down, in the order of its variation.',
  scope: 'orders:read',
  query: PageQuery.extend({ locationId: Id.optional() }),
  answer: Page('CountdownPage', Countdown),
});
