import type { MovementKind, StockEntry } from '@comanda/contracts';
import { publishMany } from '@comanda/events';
import { type Caller, newId, occurrenceOf, refuseTaken, requireLocation, type Tx } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { Levels } from '../levels/levels.service.js';
import { type NewMovement, recordMovements } from '../movements/movements.store.js';
import { stockMoved } from '../movements/stock-moved.js';
import { measured, type OwnAmount } from '../stock-items/measured.js';
import type { Measure } from '../stock-items/units.js';
import { StockEntryRow } from './stock-entry.entity.js';

/** What somebody enters by hand. */
export interface GivenEntry {
  readonly id?: string | undefined;
  readonly locationId: string;
  readonly occurredAt?: string | undefined;
  readonly reference?: string | null;
  readonly reason?: string | null;
  readonly lines: readonly { readonly stockItemId: string; readonly quantity: Measure }[];
}

/** Enters what came, went or was counted, and settles the levels with it. */
@Injectable()
export class Entries {
  constructor(
    private readonly locations: KnownLocations,
    private readonly levels: Levels,
  ) {}

  /** Makes ready to enter: what comes back runs in the transaction of the request. */
  async prepare(caller: Caller, kind: StockEntry['kind'], given: GivenEntry): Promise<(tx: Tx) => Promise<StockEntry>> {
    requireLocation(caller, given.locationId);
    const location = await this.locations.get(caller.organizationId, given.locationId);
    return (tx) => this.#enter(tx, caller, kind, given, location);
  }

  async #enter(
    tx: Tx,
    caller: Caller,
    kind: StockEntry['kind'],
    { id = newId(), locationId, reference = null, reason = null, ...given }: GivenEntry,
    location: { timeZone: string; closingHour: number },
  ): Promise<StockEntry> {
    const { organizationId } = caller;
    const { occurredAt, businessDate } = occurrenceOf(caller, given.occurredAt, location);
    const amounts = await measured(
      tx,
      given.lines.map((line, i) => ({ ...line, pointer: `/lines/${i}` })),
    );
    const row: StockEntryRow = {
      id,
      organizationId,
      kind,
      locationId,
      reference,
      reason,
      businessDate,
      occurredAt,
      recordedAt: new Date(),
      recordedBy: caller.id,
    };
    await refuseTaken(tx.insert(StockEntryRow, row), 'An entry with this id exists.');
    const movements = movementsOf(row, amounts);
    await Promise.all([
      recordMovements(tx, organizationId, movements),
      publishMany(tx, stockMoved({ causeId: id, orderId: null, locationId }, movements, { version: 1 })),
    ]);
    await this.levels.settle(tx, organizationId, [locationId]);
    return toStockEntry(row, movements);
  }
}

type EntryMovement = NewMovement & OwnAmount;

function movementsOf(
  { id: causeId, kind, locationId, reason, businessDate, occurredAt }: StockEntryRow,
  amounts: readonly OwnAmount[],
): EntryMovement[] {
  return (kind === 'count' ? addedUp(amounts) : amounts).map(({ stockItemId, quantity, unit }) => ({
    id: newId(),
    causeId,
    locationId,
    stockItemId,
    kind: kind satisfies MovementKind,
    quantity: kind === 'waste' ? -quantity : quantity,
    unit,
    lineId: null,
    recipeId: null,
    recipeVersion: null,
    reason,
    businessDate,
    occurredAt: occurredAt.toISOString(),
  }));
}

/** What was counted in several places is one count. */
function addedUp(amounts: readonly OwnAmount[]): OwnAmount[] {
  const sums = new Map<string, OwnAmount>();
  for (const amount of amounts) {
    const sum = (sums.get(amount.stockItemId)?.quantity ?? 0) + amount.quantity;
    sums.set(amount.stockItemId, { ...amount, quantity: sum });
  }
  return [...sums.values()];
}

function toStockEntry(row: StockEntryRow, movements: readonly EntryMovement[]): StockEntry {
  const { organizationId: _, recordedBy: __, occurredAt, recordedAt, ...fields } = row;
  return {
    ...fields,
    movements: movements.map(({ id, stockItemId, quantity, unit }) => ({ id, stockItemId, quantity, unit })),
    occurredAt: occurredAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
  };
}
