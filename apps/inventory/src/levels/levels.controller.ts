import { ListLevels, type StockLevel } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type LevelRecord, levelsAfter } from './levels.store.js';

@Controller()
export class LevelsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListLevels)
  list(@Call() { caller, query }: CallOf<typeof ListLevels>) {
    const { cursor, limit, locationId = null, stockItemId = null, state = null } = query;
    if (locationId !== null) requireLocation(caller, locationId);
    const filter = { locationId, stockItemId, state, within: caller.locations && [...caller.locations] };
    const after = positionOf(cursor, Position);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await levelsAfter(tx, filter, after, limit + 1), limit, positionIn, toLevel),
    );
  }
}

const Position = z.tuple([z.uuid(), z.uuid()]);
const positionIn = ({ locationId, stockItemId }: LevelRecord): [string, string] => [locationId, stockItemId];

const toLevel = ({ countedAt, updatedAt, ...level }: LevelRecord): StockLevel => ({
  ...level,
  countedAt: countedAt && countedAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
