import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import type { EventDefinition } from './event.js';
import { EVENTS } from './events.js';
import { KeyChanged } from './identity.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Line, Version } from './primitives.js';

/** What a webhook can be told of: every event but `key.changed`, which carries hashes that are the services' own. */
export const WEBHOOK_EVENTS: readonly EventDefinition[] = EVENTS.filter(({ type }) => type !== KeyChanged.type);

/** The type of the event that a test ping sends. */
export const WEBHOOK_PING = 'comanda.webhook.ping.v1';

const eventTypes = WEBHOOK_EVENTS.map(({ type }) => type) as [string, ...string[]];

const Url = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[!-~]+$/)
  .meta({
    description: 'Where events are sent: https, a public address, neither user name nor fragment in it.',
    examples: ['https://example.com/comanda'],
  });

const fields = {
  url: Url,
  description: Line().nullable(),
  eventTypes: z
    .array(z.enum(eventTypes))
    .min(1)
    .max(200)
    .nullable()
    .meta({ description: 'The types of events to send; null for all, also those that are yet to come.' }),
  locationIds: z.array(Id).min(1).max(1000).nullable().meta({
    description:
      'Send only events of these locations; null for all. What belongs to no location (guests, staff, the organization) is then not sent.',
  }),
};

/** Where an organization has its events sent. */
export const WebhookEndpoint = z
  .object({
    id: Id,
    url: z.string(),
    description: z.string().nullable(),
    eventTypes: z.array(z.string()).nullable(),
    locationIds: z.array(Id).nullable(),
    status: z.enum(['enabled', 'disabled']),
    disabledReason: z
      .enum(['by_hand', 'failing'])
      .nullable()
      .meta({ description: '`failing`: nothing got through for about three days.' }),
    disabledAt: Instant.nullable(),
    failingSince: Instant.nullable().meta({ description: 'The first failure since something last got through.' }),
    previousSecretUntil: Instant.nullable().meta({
      description: 'Until then each request is signed with the secret before the last rotation, too.',
    }),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpoint = z.infer<typeof WebhookEndpoint>;

export const MintedWebhookEndpoint = WebhookEndpoint.extend({
  secret: z
    .string()
    .nullable()
    .meta({ description: 'The signing secret, `whsec_…`. Shown this once: null when the request is repeated.' }),
}).meta({ id: 'MintedWebhookEndpoint' });
export type MintedWebhookEndpoint = z.infer<typeof MintedWebhookEndpoint>;

/** What is posted to an endpoint, as JSON. */
export const WebhookPayload = z
  .object({
    id: Id.meta({ description: 'Unique for each event, and the header `webhook-id`: drop one you have seen.' }),
    type: z.string(),
    timestamp: Instant.meta({ description: 'When it happened.' }),
    recordedAt: Instant,
    source: z.string().meta({ description: 'The service, such as `/comanda/orders`.' }),
    organizationId: Id,
    subject: z.string().meta({ description: 'The aggregate: an order, a payment, a guest.' }),
    aggregateVersion: z
      .int()
      .meta({ description: 'The number of this event among those of its source and subject: 1, 2, 3.' }),
    data: z.unknown(),
  })
  .meta({ id: 'WebhookPayload' });
export type WebhookPayload = z.infer<typeof WebhookPayload>;

/** One event on its way to one endpoint. */
export const WebhookDelivery = z
  .object({
    id: Id,
    endpointId: Id,
    eventId: Id,
    eventType: z.string(),
    subject: z.string(),
    aggregateVersion: z.int(),
    status: z.enum(['pending', 'delivered', 'failed']).meta({
      description: '`failed`: refused for about three days while others got through; a replay sends it again.',
    }),
    attemptCount: z.int(),
    nextAttemptAt: Instant.nullable().meta({ description: 'Not before this; earlier events of its subject go first.' }),
    deliveredAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookAttempt = z
  .object({
    at: Instant,
    durationMs: z.int(),
    outcome: z.enum(['delivered', 'refused', 'redirected', 'timed_out', 'unreachable', 'address_refused']).meta({
      description: '`refused`: a status that is not 2xx. `address_refused`: the address is not a public one.',
    }),
    status: z.int().nullable().meta({ description: 'The HTTP status, if there was an answer.' }),
  })
  .meta({ id: 'WebhookAttempt' });
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

export const WebhookDeliveryDetails = WebhookDelivery.extend({
  payload: WebhookPayload,
  attempts: z.array(WebhookAttempt).meta({ description: 'The last 100, oldest first.' }),
}).meta({ id: 'WebhookDeliveryDetails' });
export type WebhookDeliveryDetails = z.infer<typeof WebhookDeliveryDetails>;

const EndpointParams = z.strictObject({ endpointId: Id });
const DeliveryParams = z.strictObject({ endpointId: Id, deliveryId: Id });

export const CreateWebhook = defineEndpoint({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Has events sent to an address. The signing secret is in this answer and nowhere else.',
  description:
    'Signed as https://www.standardwebhooks.com says. Begins with what happens from now on; replay sends more.',
  scope: 'webhooks:manage',
  idempotent: true,
  body: z
    .strictObject({
      url: fields.url,
      description: fields.description.default(null),
      eventTypes: fields.eventTypes.default(null),
      locationIds: fields.locationIds.default(null),
    })
    .meta({ id: 'CreateWebhook' }),
  answer: MintedWebhookEndpoint,
  refusals: ['webhook_url_refused', 'webhook_limit_reached', 'reference_unknown'],
  example: { url: 'https://example.com/comanda', eventTypes: ['comanda.order.placed.v1', 'comanda.order.paid.v1'] },
});

export const ListWebhooks = defineEndpoint({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  summary: 'The endpoints, oldest first.',
  scope: 'webhooks:read',
  query: PageQuery,
  answer: Page('WebhookPage', WebhookEndpoint),
  refusals: ['cursor_invalid'],
});

export const ReadWebhook = defineEndpoint({
  id: 'readWebhook',
  method: 'GET',
  path: '/v1/webhooks/{endpointId}',
  summary: 'An endpoint, and whether it is failing.',
  scope: 'webhooks:read',
  params: EndpointParams,
  answer: WebhookEndpoint,
});

export const ChangeWebhook = defineEndpoint({
  id: 'changeWebhook',
  method: 'PATCH',
  path: '/v1/webhooks/{endpointId}',
  summary: 'Changes an endpoint, disables it or enables it again.',
  description:
    'What was waiting when it was disabled goes out when it is enabled. What happened in between is sent by a replay from `disabledAt`.',
  scope: 'webhooks:manage',
  params: EndpointParams,
  concurrency: 'required',
  body: z
    .strictObject({
      url: fields.url.optional(),
      description: fields.description.optional(),
      eventTypes: fields.eventTypes.optional(),
      locationIds: fields.locationIds.optional(),
      status: z.enum(['enabled', 'disabled']).optional(),
      version: Version.optional(),
    })
    .meta({ id: 'ChangeWebhook' }),
  answer: WebhookEndpoint,
  refusals: ['webhook_url_refused', 'reference_unknown'],
  example: { status: 'disabled' },
});

export const DeleteWebhook = defineEndpoint({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{endpointId}',
  summary: 'Deletes an endpoint with its deliveries. Nothing more is sent, but for what is on its way.',
  scope: 'webhooks:manage',
  params: EndpointParams,
  concurrency: 'required',
  status: 204,
});

export const RotateWebhookSecret = defineEndpoint({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/v1/webhooks/{endpointId}/rotate',
  summary: 'Makes a new signing secret; for a while each request is signed with both.',
  scope: 'webhooks:manage',
  idempotent: true,
  params: EndpointParams,
  body: z
    .strictObject({
      overlapHours: z
        .int()
        .min(0)
        .max(168)
        .default(24)
        .meta({ description: 'For how long the old secret signs, too; 0 when it has leaked.' }),
    })
    .meta({ id: 'RotateWebhookSecret' }),
  answer: MintedWebhookEndpoint,
  example: { overlapHours: 24 },
});

export const PingWebhook = defineEndpoint({
  id: 'pingWebhook',
  method: 'POST',
  path: '/v1/webhooks/{endpointId}/ping',
  summary: `Sends a test event, ${WEBHOOK_PING}, whatever the filters say.`,
  scope: 'webhooks:manage',
  idempotent: true,
  status: 202,
  params: EndpointParams,
  answer: WebhookDelivery,
  refusals: ['webhook_disabled'],
});

export const ReplayWebhook = defineEndpoint({
  id: 'replayWebhook',
  method: 'POST',
  path: '/v1/webhooks/{endpointId}/replay',
  summary: 'Sends what was recorded from a point in time on again, in order, with the same ids.',
  description: 'Events are kept for 30 days, from when the organization made its first endpoint.',
  scope: 'webhooks:manage',
  idempotent: true,
  status: 202,
  params: EndpointParams,
  body: z
    .strictObject({
      from: Instant.meta({ description: 'Recorded at this moment or later.' }),
      to: Instant.optional().meta({ description: 'Recorded before this moment; by default all until now.' }),
    })
    .meta({ id: 'ReplayWebhook' }),
  answer: z
    .object({ deliveries: z.int().meta({ description: 'How many events will be sent.' }) })
    .meta({ id: 'WebhookReplay' }),
  refusals: ['webhook_disabled'],
  example: { from: '2026-03-06T19:30:00Z' },
});

export const ListWebhookDeliveries = defineEndpoint({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: '/v1/webhooks/{endpointId}/deliveries',
  summary: 'What was sent, is waiting or failed, newest first.',
  scope: 'webhooks:read',
  params: EndpointParams,
  query: PageQuery.extend({ status: z.enum(['pending', 'delivered', 'failed']).optional() }),
  answer: Page('WebhookDeliveryPage', WebhookDelivery),
  refusals: ['cursor_invalid'],
});

export const ReadWebhookDelivery = defineEndpoint({
  id: 'readWebhookDelivery',
  method: 'GET',
  path: '/v1/webhooks/{endpointId}/deliveries/{deliveryId}',
  summary: 'A delivery: what is sent, and every attempt.',
  scope: 'webhooks:read',
  params: DeliveryParams,
  answer: WebhookDeliveryDetails,
});
