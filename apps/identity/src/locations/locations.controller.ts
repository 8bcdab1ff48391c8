import { ChangeLocation, CreateLocation, ListLocations, type Location, ReadLocation } from '@comanda/contracts';
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
import { readOne } from '../rows.js';
import { LocationRow } from './location.entity.js';
import { changeLocation, createLocation, lockLocation, toLocation } from './locations.js';

@Controller()
export class LocationsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(CreateLocation)
  create(@Call() call: CallOf<typeof CreateLocation>): Promise<Answer<Location>> {
    return idempotently(this.db, call, async (tx) =>
      toLocation(await createLocation(tx, call.caller.organizationId, call.body)),
    );
  }

  @Endpoint(ListLocations)
  list(@Call() { caller, query }: CallOf<typeof ListLocations>) {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      pageOfRows(tx.createQueryBuilder(LocationRow, 'row'), query, { by: 'createdAt' }, toLocation),
    );
  }

  @Endpoint(ReadLocation)
  read(@Call() { caller, params }: CallOf<typeof ReadLocation>): Promise<Location> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toLocation(await readOne(tx, LocationRow, params.locationId)),
    );
  }

  @Endpoint(ChangeLocation)
  change(@Call() call: CallOf<typeof ChangeLocation>): Promise<Location> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockLocation(tx, call.params.locationId);
      requireVersion(call, toLocation(row));
      return toLocation(await changeLocation(tx, row, given(change)));
    });
  }
}
