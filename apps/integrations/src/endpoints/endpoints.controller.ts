import {
  ChangeWebhook,
  CreateWebhook,
  DeleteWebhook,
  ListWebhooks,
  type MintedWebhookEndpoint,
  ReadWebhook,
  RotateWebhookSecret,
  type WebhookEndpoint,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  pageOfRows,
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WebhookEndpointRow } from './endpoint.entity.js';
import { Endpoints, findEndpoint, lockEndpoint, toEndpoint } from './endpoints.js';

@Controller()
export class EndpointsController {
  constructor(
    private readonly db: DataSource,
    private readonly endpoints: Endpoints,
  ) {}

  @Endpoint(CreateWebhook)
  create(@Call() call: CallOf<typeof CreateWebhook>): Promise<Answer<MintedWebhookEndpoint>> {
    return idempotently(
      this.db,
      call,
      async (tx) => minted(await this.endpoints.create(tx, call.caller, call.body)),
      WITHOUT_SECRET,
    );
  }

  @Endpoint(ListWebhooks)
  list(@Call() { caller, query }: CallOf<typeof ListWebhooks>) {
    return inTransaction(this.db, caller.organizationId, (tx) => {
      const rows = tx.createQueryBuilder(WebhookEndpointRow, 'row');
      if (caller.locations) rows.andWhere('row.locationIds <@ cast(:own as uuid[])', { own: [...caller.locations] });
      return pageOfRows(rows, query, { by: 'createdAt' }, toEndpoint);
    });
  }

  @Endpoint(ReadWebhook)
  read(@Call() { caller, params }: CallOf<typeof ReadWebhook>): Promise<WebhookEndpoint> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toEndpoint(await findEndpoint(tx, caller, params.endpointId)),
    );
  }

  @Endpoint(ChangeWebhook)
  change(@Call() call: CallOf<typeof ChangeWebhook>): Promise<WebhookEndpoint> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockEndpoint(tx, call.caller, call.params.endpointId);
      requireVersion(call, toEndpoint(row));
      return this.endpoints.change(tx, call.caller, row, given(change));
    });
  }

  @Endpoint(DeleteWebhook)
  delete(@Call() call: CallOf<typeof DeleteWebhook>): Promise<void> {
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockEndpoint(tx, call.caller, call.params.endpointId);
      requireVersion(call, toEndpoint(row));
      await tx.delete(WebhookEndpointRow, { organizationId: row.organizationId, id: row.id });
    });
  }

  @Endpoint(RotateWebhookSecret)
  rotate(@Call() call: CallOf<typeof RotateWebhookSecret>): Promise<Answer<MintedWebhookEndpoint>> {
    const rotate = async (tx: Parameters<typeof lockEndpoint>[0]): Promise<MintedWebhookEndpoint> => {
      const row = await lockEndpoint(tx, call.caller, call.params.endpointId);
      return minted(await this.endpoints.rotate(tx, row, call.body.overlapHours));
    };
    return idempotently(this.db, call, rotate, WITHOUT_SECRET);
  }
}

const minted = ({ endpoint, secret }: { endpoint: WebhookEndpoint; secret: string }): MintedWebhookEndpoint => ({
  ...endpoint,
  secret,
});

/** What is stored for a repeat of the request does not hold the secret. */
const WITHOUT_SECRET = {
  remember: (answer: MintedWebhookEndpoint): MintedWebhookEndpoint => ({ ...answer, secret: null }),
};
