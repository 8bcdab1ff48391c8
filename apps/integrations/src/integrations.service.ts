import { ENDPOINTS } from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Integrations1760400000000 } from '../migrations/1760400000000-integrations.js';
import { WebhookAttemptRow, WebhookDeliveryRow } from './deliveries/delivery.entity.js';
import { WebhookEndpointRow } from './endpoints/endpoint.entity.js';
import { WebhookEventRow } from './events/event.entity.js';
import { HEARD } from './events/events.consumer.js';
import { IntegrationsConfig } from './integrations.config.js';
import { IntegrationsModule } from './integrations.module.js';

/** What others are told: every event, signed, to the endpoints of its organization. */
export const integrations: ServiceDefinition = {
  name: 'integrations',
  module: IntegrationsModule,
  config: IntegrationsConfig,
  entities: [WebhookEndpointRow, WebhookEventRow, WebhookDeliveryRow, WebhookAttemptRow],
  migrations: [Integrations1760400000000],
  endpoints: ENDPOINTS.integrations,
  consumes: HEARD,
  relaxed: ['relay'],
};
