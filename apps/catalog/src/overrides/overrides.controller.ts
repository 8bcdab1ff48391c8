import { type ItemOverride, ListOverrides, PutOverride, RemoveOverride } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf, requireVersion } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { required } from '../drafts/drafts.js';
import { placeIn } from '../place.js';
import { checkOverride, requireLatest, schedulesIn, toOverride } from './overrides.js';
import {
  keepSchedules,
  listOverrides,
  lockItem,
  lockOverride,
  removeOverride,
  writeOverride,
} from './overrides.store.js';

@Controller()
export class OverridesController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
  ) {}

  @Endpoint(ListOverrides)
  async list(@Call() { caller, params, query }: CallOf<typeof ListOverrides>) {
    await placeIn(this.locations, caller, params);
    const [after = null] = positionOf(query.cursor, Position) ?? [];
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = await listOverrides(tx, params.locationId, { after, limit: query.limit + 1 });
      return pageOf(rows, query.limit, ({ itemId }) => [itemId], toOverride);
    });
  }

  @Endpoint(PutOverride)
  async put(@Call() call: CallOf<typeof PutOverride>): Promise<ItemOverride> {
    const { caller, params, body } = call;
    const { currency } = await placeIn(this.locations, caller, params);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const { variationIds } = required(await lockItem(tx, params.itemId));
      requireLatest(call, await lockOverride(tx, params.locationId, params.itemId));
      const scheduleIds = await keepSchedules(tx, schedulesIn(body));
      checkOverride(body, { variationIds, scheduleIds, currency });
      return toOverride(await writeOverride(tx, caller.organizationId, { ...params, ...body }));
    });
  }

  @Endpoint(RemoveOverride)
  async remove(@Call() call: CallOf<typeof RemoveOverride>): Promise<void> {
    const { caller, params } = call;
    await placeIn(this.locations, caller, params);
    await inTransaction(this.db, caller.organizationId, async (tx) => {
      const override = required(await lockOverride(tx, params.locationId, params.itemId));
      requireVersion(call, toOverride(override));
      await removeOverride(tx, override);
    });
  }
}

const Position = z.tuple([z.uuid()]);
