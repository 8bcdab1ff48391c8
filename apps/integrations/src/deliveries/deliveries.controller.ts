import {
  ListWebhookDeliveries,
  PingWebhook,
  ReadWebhookDelivery,
  ReplayWebhook,
  type WebhookDelivery,
  type WebhookDeliveryDetails,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  onCommit,
  pageOf,
  positionOf,
  Refusal,
  type Tx,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { WebhookEndpointRow } from '../endpoints/endpoint.entity.js';
import { findEndpoint, lockEndpoint } from '../endpoints/endpoints.js';
import { Courier } from './courier.js';
import { findDeliveries, ping, readDelivery, toDelivery } from './deliveries.js';
import { sendAgain } from './deliveries.store.js';

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

@Controller()
export class DeliveriesController {
  constructor(
    private readonly db: DataSource,
    private readonly courier: Courier,
  ) {}

  @Endpoint(ListWebhookDeliveries)
  list(@Call() { caller, params, query: { limit, cursor, status } }: CallOf<typeof ListWebhookDeliveries>) {
    const before = positionOf(cursor, Position);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const endpoint = await findEndpoint(tx, caller, params.endpointId);
      const rows = await findDeliveries(tx, endpoint, { status: status ?? null, before, limit: limit + 1 });
      return pageOf(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], toDelivery);
    });
  }

  @Endpoint(ReadWebhookDelivery)
  read(@Call() { caller, params }: CallOf<typeof ReadWebhookDelivery>): Promise<WebhookDeliveryDetails> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      readDelivery(tx, await findEndpoint(tx, caller, params.endpointId), params.deliveryId),
    );
  }

  @Endpoint(PingWebhook)
  ping(@Call() call: CallOf<typeof PingWebhook>): Promise<Answer<WebhookDelivery>> {
    return idempotently(this.db, call, async (tx) => {
      const endpoint = requireEnabled(await findEndpoint(tx, call.caller, call.params.endpointId));
      onCommit(tx, () => this.courier.wake());
      return ping(tx, endpoint);
    });
  }

  @Endpoint(ReplayWebhook)
  replay(@Call() call: CallOf<typeof ReplayWebhook>): Promise<Answer<{ deliveries: number }>> {
    const { caller, params, body } = call;
    return idempotently(this.db, call, async (tx: Tx) => {
      const { organizationId } = caller;
      const { id } = requireEnabled(await lockEndpoint(tx, caller, params.endpointId));
      onCommit(tx, () => this.courier.wake());
      const [from, to] = [new Date(body.from), body.to ? new Date(body.to) : null];
      return { deliveries: await sendAgain(tx, { organizationId, endpointId: id }, from, to) };
    });
  }
}

function requireEnabled(endpoint: WebhookEndpointRow): WebhookEndpointRow {
  if (endpoint.status === 'enabled') return endpoint;
  throw new Refusal('webhook_disabled', 'The webhook endpoint is disabled: enable it first.');
}
