import { ListMovements, type Movement, SummarizeMovements } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgePosition } from '../positions.js';
import { type MovementRecord, movementsBefore, summaryOf } from './movements.store.js';

@Controller()
export class MovementsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListMovements)
  list(@Call() { caller, query }: CallOf<typeof ListMovements>) {
    const { cursor, limit, locationId = null, stockItemId = null, orderId = null, causeId = null } = query;
    const { businessDate = null, kind = null } = query;
    if (locationId !== null) requireLocation(caller, locationId);
    const within = caller.locations && [...caller.locations];
    const filter = { locationId, stockItemId, orderId, causeId, businessDate, kind, within };
    const before = positionOf(cursor, AgePosition);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await movementsBefore(tx, filter, before, limit + 1), limit, positionIn, toMovement),
    );
  }

  @Endpoint(SummarizeMovements)
  summarize(@Call() { caller, body }: CallOf<typeof SummarizeMovements>) {
    const within = caller.locations && [...caller.locations];
    return inTransaction(this.db, caller.organizationId, (tx) => summaryOf(tx, body.orderIds, within));
  }
}

const positionIn = ({ occurredAt, id }: MovementRecord): [string, string] => [occurredAt.toISOString(), id];

const toMovement = ({ occurredAt, recordedAt, ...movement }: MovementRecord): Movement => ({
  ...movement,
  occurredAt: occurredAt.toISOString(),
  recordedAt: recordedAt.toISOString(),
});
