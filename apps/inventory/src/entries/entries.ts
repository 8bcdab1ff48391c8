import type { MovementKind, StockEntry } from '@comanda/contracts';
import { publishMany } from '@comanda/events';
import { type Caller, newId, occurrenceOf, refuseTaken, requireLocation, type Tx } from '@comanda/platform';
import { type KnownLocationRow, KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { averagesOf, moveAverages, requireCountable } from '../costs/costs.store.js';
import { type Averages, costOf, MICROS } from '../costs/average.js';
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
  readonly lines: readonly {
    readonly stockItemId: string;
    readonly quantity: Measure;
    /** What the line cost, in minor units; of a receipt. */
    readonly cost?: number | undefined;
  }[];
}

/** An amount, and what it cost where somebody said so, in minor units. */
export type PricedAmount = OwnAmount & { readonly cost?: number | undefined };

/** What is asked of a location to enter something there. */
export type Place = Pick<KnownLocationRow, 'timeZone' | 'closingHour' | 'currency'>;

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
    return async (tx) => {
      const amounts = await measured(
        tx,
        given.lines.map((line, i) => ({ ...line, pointer: `/lines/${i}` })),
      );
      return this.enter(
        tx,
        caller,
        kind,
        given,
        amounts.map((amount, i) => ({ ...amount, cost: given.lines[i]?.cost })),
        location,
      );
    };
  }

  /** Enters amounts in their stock items’ own units. What came at a price moves its average. */
  async enter(
    tx: Tx,
    caller: Caller,
    kind: StockEntry['kind'],
    { id = newId(), locationId, reference = null, reason = null, ...given }: Omit<GivenEntry, 'lines'>,
    amounts: readonly PricedAmount[],
    location: Place,
  ): Promise<StockEntry> {
    const { organizationId } = caller;
    const { occurredAt, businessDate } = occurrenceOf(caller, given.occurredAt, location);
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
    const stockItemIds = amounts.map(({ stockItemId }) => stockItemId);
    const known = await averagesOf(tx, locationId, stockItemIds);
    const movements = movementsOf(row, amounts, known, location.currency);
    await Promise.all([
      recordMovements(tx, organizationId, movements),
      publishMany(tx, stockMoved({ causeId: id, orderId: null, locationId }, movements, { version: 1 })),
    ]);
    await this.levels.settle(tx, organizationId, [locationId]);
    await requireCountable(tx, locationId, stockItemIds);
    const priced = amounts.flatMap(({ stockItemId, quantity, cost }) =>
      cost === undefined ? [] : { stockItemId, quantity, value: cost * MICROS },
    );
    if (priced.length > 0) await moveAverages(tx, organizationId, locationId, location.currency, priced);
    return toStockEntry(row, movements);
  }
}

type EntryMovement = NewMovement & OwnAmount;

function movementsOf(
  { id: causeId, kind, locationId, reason, businessDate, occurredAt }: StockEntryRow,
  amounts: readonly PricedAmount[],
  averages: Averages,
  currency: string,
): EntryMovement[] {
  const signed = kind === 'waste' ? amounts.map((line) => ({ ...line, quantity: -line.quantity })) : amounts;
  return (kind === 'count' ? addedUp(signed) : signed).map(({ stockItemId, quantity, unit, cost }) => ({
    id: newId(),
    causeId,
    locationId,
    stockItemId,
    kind: kind satisfies MovementKind,
    quantity,
    unit,
    lineId: null,
    recipeId: null,
    recipeVersion: null,
    reason,
    cost: cost === undefined ? costOf(averages.get(stockItemId), quantity) : { micros: cost * MICROS, currency },
    average: kind === 'count' ? averages.get(stockItemId) : undefined,
    businessDate,
    occurredAt: occurredAt.toISOString(),
  }));
}

/** What was counted in several places is one count. */
function addedUp(amounts: readonly PricedAmount[]): PricedAmount[] {
  const sums = new Map<string, PricedAmount>();
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
