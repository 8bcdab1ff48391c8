import {
  type FloorPlan,
  ListTables,
  type Order,
  ReadFloorPlan,
  SetFloorPlan,
  type TableState,
  TransferTable,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type Caller,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  Refusal,
  requireLocation,
  requireVersion,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Orders } from '../orders/orders.js';
import { move } from './move.js';
import { tableStates } from './table-state.js';
import { lockUnpaidAt, openAtTables, readFloorPlan, replaceFloorPlan } from './tables.store.js';

@Controller()
export class TablesController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
    private readonly orders: Orders,
  ) {}

  @Endpoint(ReadFloorPlan)
  async plan(@Call() { caller, params }: CallOf<typeof ReadFloorPlan>): Promise<FloorPlan> {
    await this.#requireLocation(caller, params.locationId);
    return inTransaction(this.db, caller.organizationId, (tx) => readFloorPlan(tx, params.locationId));
  }

  @Endpoint(SetFloorPlan)
  async draw(@Call() call: CallOf<typeof SetFloorPlan>): Promise<FloorPlan> {
    const { caller, params, body } = call;
    await this.#requireLocation(caller, params.locationId);
    requireOwnNames(body.areas);
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const current = await readFloorPlan(tx, params.locationId);
      requireVersion(call, current);
      const drawn = { ...current, areas: body.areas, version: current.version + 1 };
      if (await replaceFloorPlan(tx, caller.organizationId, drawn)) return drawn;
      throw new Refusal('version_stale', 'Somebody else has drawn the plan meanwhile.', {
        current: await readFloorPlan(tx, params.locationId),
      });
    });
  }

  @Endpoint(ListTables)
  async list(@Call() { caller, query }: CallOf<typeof ListTables>): Promise<{ data: TableState[] }> {
    await this.#requireLocation(caller, query.locationId);
    return inTransaction(this.db, caller.organizationId, async (tx) => ({
      data: tableStates(await readFloorPlan(tx, query.locationId), await openAtTables(tx, query.locationId)),
    }));
  }

  @Endpoint(TransferTable)
  transfer(@Call() call: CallOf<typeof TransferTable>): Promise<Answer<{ orders: Order[] }>> {
    const { caller, body } = call;
    return idempotently(this.db, call, async (tx) => {
      requireLocation(caller, body.locationId);
      const seated = await lockUnpaidAt(tx, body.locationId, body.from);
      if (seated.length === 0) throw new Refusal('table_free', `Nothing is left to pay at table ${body.from}.`);
      const moved = { from: body.from, to: body.to, by: caller.id, at: new Date().toISOString() };
      return { orders: await this.orders.keepAll(tx, seated, (order) => move(order, moved)) };
    });
  }

  /** @throws Refusal `location_forbidden`; `not_found` for a location of somebody else */
  async #requireLocation(caller: Caller, locationId: string): Promise<void> {
    requireLocation(caller, locationId);
    if (!(await this.locations.find(caller.organizationId, locationId)))
      throw new Refusal('not_found', 'There is no such location.');
  }
}

/** @throws Refusal `table_named_twice`: orders find a table by its name */
function requireOwnNames(areas: FloorPlan['areas']): void {
  const seen = new Set<string>();
  const errors = areas.flatMap(({ tables }, area) =>
    tables.flatMap(({ name }, table) =>
      seen.size === seen.add(name).size
        ? [{ pointer: `/areas/${area}/tables/${table}/name`, detail: `There is a table ${name} already.` }]
        : [],
    ),
  );
  if (errors.length > 0) throw new Refusal('table_named_twice', 'Two tables have the same name.', { errors });
}
