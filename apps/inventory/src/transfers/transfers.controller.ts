import {
  CloseTransfer,
  ListTransfers,
  ReadTransfer,
  ReceiveTransfer,
  ShipTransfer,
  type Transfer,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  pageOf,
  positionOf,
  requireLocation,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgePosition } from '../positions.js';
import type { TransferRow } from './transfer.entity.js';
import { toTransfer, Transfers } from './transfers.js';
import { readTransfer, transfersBefore } from './transfers.store.js';

@Controller()
export class TransfersController {
  constructor(
    private readonly db: DataSource,
    private readonly transfers: Transfers,
  ) {}

  @Endpoint(ShipTransfer)
  async ship(@Call() call: CallOf<typeof ShipTransfer>): Promise<Answer<Transfer>> {
    return idempotently(this.db, call, await this.transfers.prepareShipment(call.caller, call.body));
  }

  @Endpoint(ListTransfers)
  list(@Call() { caller, query }: CallOf<typeof ListTransfers>) {
    const { cursor, limit, locationId = null, status = null } = query;
    if (locationId !== null) requireLocation(caller, locationId);
    const filter = { locationId, status, within: caller.locations && [...caller.locations] };
    const before = positionOf(cursor, AgePosition);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await transfersBefore(tx, filter, before, limit + 1), limit, positionIn, toTransfer),
    );
  }

  @Endpoint(ReadTransfer)
  read(@Call() { caller, params }: CallOf<typeof ReadTransfer>): Promise<Transfer> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toTransfer(await readTransfer(tx, caller, params.transferId)),
    );
  }

  @Endpoint(ReceiveTransfer)
  receive(@Call() call: CallOf<typeof ReceiveTransfer>): Promise<Answer<Transfer>> {
    return idempotently(this.db, call, (tx) =>
      this.transfers.receive(tx, call.caller, call.params.transferId, call.body),
    );
  }

  @Endpoint(CloseTransfer)
  close(@Call() call: CallOf<typeof CloseTransfer>): Promise<Answer<Transfer>> {
    return idempotently(this.db, call, (tx) => this.transfers.close(tx, call.caller, call));
  }
}

const positionIn = ({ createdAt, id }: TransferRow): [string, string] => [createdAt.toISOString(), id];
