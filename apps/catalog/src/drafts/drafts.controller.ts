import {
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  pageOf,
  positionOf,
  requireVersion,
} from '@comanda/platform';
import { Controller, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { archive, changeDraft, createDraft, draftToChange, required, requireWholeChain, toResource } from './drafts.js';
import { listDrafts, readDraftObject } from './drafts.store.js';
import type { Kind } from './kinds.js';

/** The routes of one kind of draft object. */
export function draftsController(kind: Kind): Type {
  const { create, list, read, change, archive: archiving } = kind.routes;

  @Controller()
  class DraftsController {
    constructor(private readonly db: DataSource) {}

    @Endpoint(create)
    create(@Call() call: CallOf<typeof create>) {
      requireWholeChain(call.caller);
      return idempotently(this.db, call, async (tx) =>
        toResource(await createDraft(tx, kind, call.caller.organizationId, call.body)),
      );
    }

    @Endpoint(list)
    list(@Call() { caller, query }: CallOf<typeof list>) {
      const [after = null] = positionOf(query.cursor, Position) ?? [];
      return inTransaction(this.db, caller.organizationId, async (tx) => {
        const rows = await listDrafts(tx, kind.name, { after, limit: query.limit + 1 });
        return pageOf(rows, query.limit, ({ id }) => [id], toResource);
      });
    }

    @Endpoint(read)
    read(@Call() { caller, params }: CallOf<typeof read>) {
      return inTransaction(this.db, caller.organizationId, async (tx) =>
        toResource(required(await readDraftObject(tx, kind.name, params.id))),
      );
    }

    @Endpoint(change)
    change(@Call() call: CallOf<typeof change>) {
      requireWholeChain(call.caller);
      const { version: _, ...fields } = call.body;
      return inTransaction(this.db, call.caller.organizationId, async (tx) => {
        const draft = await draftToChange(tx, kind, call.params.id);
        requireVersion(call, toResource(draft));
        return toResource(await changeDraft(tx, kind, call.caller.organizationId, draft, fields));
      });
    }

    @Endpoint(archiving)
    archive(@Call() call: CallOf<typeof archiving>): Promise<void> {
      requireWholeChain(call.caller);
      return inTransaction(this.db, call.caller.organizationId, async (tx) => {
        const draft = await draftToChange(tx, kind, call.params.id);
        requireVersion(call, toResource(draft));
        await archive(tx, kind, draft);
      });
    }
  }

  return DraftsController;
}

const Position = z.tuple([z.uuid()]);
