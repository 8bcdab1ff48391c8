import { type MintedWebhookEndpoint, OrderPlaced, type WebhookDelivery } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { integrations } from '../integrations.service.js';

export const hooks = '/v1/webhooks';

/** The service, with waits that a test can wait for, and allowed to call this machine. */
export const startService = (settings: Record<string, string> = {}): Promise<TestService> =>
  testService(integrations, {
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    WEBHOOK_RETRIES: Array.from({ length: 40 }, () => '20ms').join(','),
    ...settings,
  });

/** What tests do with a service's endpoints and events. */
export function hooksOf(it: TestService) {
  return {
    async make(fields: object): Promise<MintedWebhookEndpoint & { secret: string }> {
      return (await it.call('post', hooks).send(fields).expect(201)).body;
    },
    read: async (id: string): Promise<MintedWebhookEndpoint> =>
      (await it.call('get', `${hooks}/${id}`).expect(200)).body,
    change: (id: string, version: number, fields: object) =>
      it.call('patch', `${hooks}/${id}`).send({ ...fields, version }),
    async deliveries(id: string, query = ''): Promise<WebhookDelivery[]> {
      return (await it.call('get', `${hooks}/${id}/deliveries${query}`).expect(200)).body.data;
    },
    /** Lets an order be placed, or, with a later version, placed once more: what it is about does not matter here. */
    place: (
      options: { orderId?: string; version?: number; locationId?: string; recordedAt?: string; id?: string } = {},
    ) => {
      const { orderId = newId(), version = 1, locationId = it.location.id, recordedAt, id } = options;
      return it.deliver(
        OrderPlaced,
        { ...OrderPlaced.example, id: orderId, locationId },
        { aggregateVersion: version, ...(recordedAt && { recordedAt }), ...(id && { id }) },
      );
    },
  };
}
