import { type Countdown, ListCountdowns, RemoveCountdown, SetCountdown } from '@comanda/contracts';
import {
  Call,
  type CallOf,
  Endpoint,
  inTransaction,
  pageOf,
  positionOf,
  Refusal,
  requireLocation,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { visibleLocations } from '../orders/orders.controller.js';
import { type CountdownState, listCountdowns, removeCountdown, setCountdown } from './countdown.store.js';

@Controller()
export class CountdownsController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
  ) {}

  @Endpoint(SetCountdown)
  async set(@Call() { caller, params, body }: CallOf<typeof SetCountdown>): Promise<Countdown> {
    const { organizationId } = caller;
    requireLocation(caller, params.locationId);
    if (!(await this.locations.find(organizationId, params.locationId)))
      throw new Refusal('not_found', 'There is no such location.');
    return inTransaction(this.db, organizationId, async (tx) =>
      toCountdown(await setCountdown(tx, { organizationId, ...params, remaining: body.remaining })),
    );
  }

  @Endpoint(RemoveCountdown)
  remove(@Call() { caller, params }: CallOf<typeof RemoveCountdown>): Promise<void> {
    requireLocation(caller, params.locationId);
    return inTransaction(this.db, caller.organizationId, (tx) =>
      removeCountdown(tx, params.locationId, params.variationId),
    );
  }

  @Endpoint(ListCountdowns)
  list(
    @Call() { caller, query }: CallOf<typeof ListCountdowns>,
  ): Promise<{ data: Countdown[]; nextCursor: string | null }> {
    const after = positionOf(query.cursor, Position);
    const { limit, locationId } = query;
    const visible = visibleLocations(caller, locationId);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = await listCountdowns(tx, { visible, locationId }, after, limit + 1);
      return pageOf(rows, limit, ({ variationId, locationId }) => [variationId, locationId], toCountdown);
    });
  }
}

const Position = z.tuple([z.uuid(), z.uuid()]);

const toCountdown = (state: CountdownState): Countdown => ({ ...state, updatedAt: state.updatedAt.toISOString() });
