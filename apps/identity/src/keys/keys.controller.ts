import { type ApiKey, CreateKey, ListKeys, type MintedApiKey, RevokeKey } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  CONFIG,
  Endpoint,
  idempotently,
  inTransaction,
  pageOfRows,
  type PlatformConfig,
  requireLocation,
  requireScope,
  type Tx,
} from '@comanda/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { ApiKeyRow } from './api-key.entity.js';
import { mintKey, revokeKey, toApiKey } from './keys.js';

@Controller()
export class KeysController {
  constructor(
    private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: PlatformConfig,
  ) {}

  @Endpoint(CreateKey)
  create(@Call() call: CallOf<typeof CreateKey>): Promise<Answer<z.infer<typeof MintedApiKey>>> {
    const { caller, body } = call;
    // Nobody hands out more than they hold.
    for (const scope of body.scopes) requireScope(caller, scope);
    for (const locationId of body.locationIds ?? caller.locations ?? []) requireLocation(caller, locationId);
    const locationIds = body.locationIds ?? (caller.locations && [...caller.locations]);
    const mint = (tx: Tx) => mintKey(tx, this.config.COMANDA_SECRET, caller.organizationId, { ...body, locationIds });
    return idempotently(this.db, call, mint, { remember: (minted) => ({ ...minted, key: null }) });
  }

  @Endpoint(ListKeys)
  list(@Call() { caller, query }: CallOf<typeof ListKeys>) {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      pageOfRows(tx.createQueryBuilder(ApiKeyRow, 'row'), query, { by: 'createdAt' }, toApiKey),
    );
  }

  @Endpoint(RevokeKey)
  revoke(@Call() call: CallOf<typeof RevokeKey>): Promise<Answer<ApiKey>> {
    return idempotently(this.db, call, async (tx) => toApiKey(await revokeKey(tx, call.params.keyId)));
  }
}
