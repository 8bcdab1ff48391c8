import { ImportCatalog } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, idempotently } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { requireWholeChain } from '../drafts/drafts.js';
import { importCatalog } from './import-catalog.js';

@Controller()
export class ImportController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ImportCatalog)
  import(@Call() call: CallOf<typeof ImportCatalog>) {
    requireWholeChain(call.caller);
    return idempotently(this.db, call, (tx) => importCatalog(tx, call.caller.organizationId, call.body, call.query));
  }
}
