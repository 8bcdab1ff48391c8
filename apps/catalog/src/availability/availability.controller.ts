import { type Availability, ListUnavailable, SetAvailability } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { placeIn } from '../place.js';
import { availabilityId, requireItem, toAvailability, wantedByHand } from './availability.js';
import { findItem, listUnavailable, readAvailability } from './availability.store.js';
import { changeAvailability } from './change-availability.js';

@Controller()
export class AvailabilityController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
  ) {}

  @Endpoint(ListUnavailable)
  async list(@Call() { caller, params, query }: CallOf<typeof ListUnavailable>) {
    await placeIn(this.locations, caller, params);
    const [after = null] = positionOf(query.cursor, Position) ?? [];
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = await listUnavailable(tx, params.locationId, { after, limit: query.limit + 1 });
      return pageOf(
        rows,
        query.limit,
        ({ id }) => [id],
        (row) => toAvailability(row, row),
      );
    });
  }

  @Endpoint(SetAvailability)
  async set(@Call() { caller, params, body }: CallOf<typeof SetAvailability>): Promise<Availability> {
    await placeIn(this.locations, caller, params);
    const { variationId } = body;
    const wanted = wantedByHand({ ...params, variationId }, body, new Date());
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      requireItem(await findItem(tx, params.itemId, variationId), variationId);
      await changeAvailability(tx, caller.organizationId, [wanted]);
      return toAvailability(wanted, await readAvailability(tx, availabilityId(wanted)));
    });
  }
}

const Position = z.tuple([z.uuid()]);
