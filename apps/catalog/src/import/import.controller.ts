import { ExportDocument, ExportSheet, ImportCatalog, ImportDocument } from '@comanda/contracts';
import { Answer, Call, type CallOf, Endpoint, idempotently, inTransaction } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { requireWholeChain } from '../drafts/drafts.js';
import { readDrafted } from './document.store.js';
import { importCatalog } from './import-catalog.js';
import { importDocument } from './import-document.js';
import { readImported } from './import.store.js';
import { toDocument } from './plan-document.js';
import { writeSheet } from './write-sheet.js';

@Controller()
export class ImportController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ImportCatalog)
  import(@Call() call: CallOf<typeof ImportCatalog>) {
    requireWholeChain(call.caller);
    return idempotently(this.db, call, (tx) => importCatalog(tx, call.caller.organizationId, call.body, call.query));
  }

  @Endpoint(ExportSheet)
  exportSheet(@Call() { caller, query }: CallOf<typeof ExportSheet>) {
    requireWholeChain(caller);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const { languages, ...drafts } = await readImported(tx);
      const sheet = writeSheet(drafts, query, query.language ?? languages[0] ?? 'en');
      return new Answer(sheet, { headers: { 'content-type': `text/csv; charset=${query.encoding}; header=present` } });
    });
  }

  @Endpoint(ImportDocument)
  importDocument(@Call() call: CallOf<typeof ImportDocument>) {
    requireWholeChain(call.caller);
    return idempotently(this.db, call, (tx) => importDocument(tx, call.caller.organizationId, call.body, call.query));
  }

  @Endpoint(ExportDocument)
  exportDocument(@Call() { caller }: CallOf<typeof ExportDocument>) {
    requireWholeChain(caller);
    return inTransaction(this.db, caller.organizationId, async (tx) => toDocument(await readDrafted(tx)));
  }
}
