import { ListVariances, type Variance } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { variancesAfter } from './variances.store.js';

@Controller()
export class VariancesController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListVariances)
  list(@Call() { caller, query }: CallOf<typeof ListVariances>) {
    const { cursor, limit, locationId = null, stockItemId = null, from = null, to = null } = query;
    if (locationId !== null) requireLocation(caller, locationId);
    const filter = { locationId, stockItemId, from, to, within: caller.locations && [...caller.locations] };
    const after = positionOf(cursor, Position);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await variancesAfter(tx, filter, after, limit + 1), limit, positionIn, (variance) => variance),
    );
  }
}

const Position = z.tuple([z.iso.date(), z.uuid(), z.uuid()]);
const positionIn = ({ businessDate, locationId, stockItemId }: Variance): [string, string, string] => [
  businessDate,
  locationId,
  stockItemId,
];
