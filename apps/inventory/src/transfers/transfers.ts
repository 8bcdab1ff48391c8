import type { CloseTransfer, ReceiveTransfer, ShipTransfer, StockCost, Transfer } from '@comanda/contracts';
import { publishMany } from '@comanda/events';
import {
  type Caller,
  type CallOf,
  newId,
  occurrenceOf,
  Refusal,
  refuseTaken,
  requireLocation,
  type Tx,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { costOf } from '../costs/average.js';
import { averagesOf, moveAverages, requireCountable } from '../costs/costs.store.js';
import { Levels } from '../levels/levels.service.js';
import { type NewMovement, recordMovements } from '../movements/movements.store.js';
import { stockMoved } from '../movements/stock-moved.js';
import { type GivenAmount, measured, type OwnAmount } from '../stock-items/measured.js';
import { arrive, become, type TransferLine, unknownLine } from './transfer.js';
import { TransferRow } from './transfer.entity.js';
import { lockTransfer, saveTransfer } from './transfers.store.js';

type Shipment = CallOf<typeof ShipTransfer>['body'];
type Arrival = CallOf<typeof ReceiveTransfer>['body'];

/** An amount that leaves (negative) or arrives, with what it is worth. */
type Moving = OwnAmount & { readonly cost: StockCost | null };

/** When something happened, by the clock and by the business. */
type Happened = ReturnType<typeof occurrenceOf>;

/** Moves stock from one location to another, such that nothing is lost on the way without somebody saying so. */
@Injectable()
export class Transfers {
  constructor(
    private readonly locations: KnownLocations,
    private readonly levels: Levels,
  ) {}

  /** Makes ready to ship: what comes back runs in the transaction of the request. */
  async prepareShipment(caller: Caller, shipment: Shipment): Promise<(tx: Tx) => Promise<Transfer>> {
    const { id = newId(), fromLocationId, toLocationId } = shipment;
    requireLocation(caller, fromLocationId);
    const { organizationId } = caller;
    const from = await this.locations.get(organizationId, fromLocationId);
    const to = await this.locations.get(organizationId, toLocationId);
    if (fromLocationId === toLocationId) throw new Refusal('transfer_invalid', 'It goes to where it comes from.');
    if (from.currency !== to.currency)
      throw new Refusal('transfer_invalid', `One keeps its books in ${from.currency}, the other in ${to.currency}.`);
    return async (tx) => {
      const happened = occurrenceOf(caller, shipment.occurredAt, from);
      const lines = await shippedLines(tx, shipment);
      const now = new Date();
      const row: TransferRow = {
        id,
        organizationId,
        fromLocationId,
        toLocationId,
        status: 'shipped',
        reason: null,
        lines,
        moves: 0,
        version: 1,
        shippedAt: happened.occurredAt,
        createdAt: now,
        updatedAt: now,
      };
      const leaving = lines.map((line): Moving => ({ ...line, quantity: -line.shipped, cost: negative(line.cost) }));
      row.moves = await this.#move(tx, row, fromLocationId, leaving, happened);
      await refuseTaken(tx.insert(TransferRow, row), 'A transfer with this id exists.');
      return toTransfer(row);
    };
  }

  /** Takes in what arrived: at the cost at which it left, which moves the average where it arrives. */
  async receive(tx: Tx, caller: Caller, id: string, arrival: Arrival): Promise<Transfer> {
    const row = await lockTransfer(tx, id);
    const { organizationId, toLocationId } = row;
    requireLocation(caller, toLocationId);
    const location = await this.locations.get(organizationId, toLocationId);
    const happened = occurrenceOf(caller, arrival.occurredAt, location);
    const amounts = await measured(tx, amountsOf(row, arrival));
    const given = arrival.lines.map(({ lineId }, i) => ({ lineId, quantity: amounts[i]?.quantity ?? 0 }));
    const { arrived, ...change } = arrive(row.status, row.lines, given);
    const moves = await this.#move(tx, row, toLocationId, arrived, happened);
    const priced = arrived.flatMap(({ stockItemId, quantity, cost }) =>
      cost ? { stockItemId, quantity, value: cost.micros } : [],
    );
    if (priced.length > 0) await moveAverages(tx, organizationId, toLocationId, location.currency, priced);
    return toTransfer(await saveTransfer(tx, row, { ...change, moves }));
  }

  /** Gives up waiting for what is still on its way: either end may say so. */
  async close(tx: Tx, caller: Caller, { params, body }: CallOf<typeof CloseTransfer>): Promise<Transfer> {
    const row = await lockTransfer(tx, params.transferId);
    if (!caller.locations?.has(row.fromLocationId)) requireLocation(caller, row.toLocationId);
    const status = become(row.status, 'closed');
    return toTransfer(await saveTransfer(tx, row, { status, reason: body.reason }));
  }

  /** Books amounts at a location and tells of them. @returns how many events of the transfer there are then */
  async #move(
    tx: Tx,
    { id: causeId, organizationId, moves }: TransferRow,
    locationId: string,
    amounts: readonly Moving[],
    happened: Happened,
  ): Promise<number> {
    const movements = amounts.map((amount) => movementOf(causeId, locationId, amount, happened));
    const told = stockMoved({ causeId, orderId: null, locationId }, movements, { version: moves + 1 });
    await Promise.all([recordMovements(tx, organizationId, movements), publishMany(tx, told)]);
    await this.levels.settle(tx, organizationId, [locationId]);
    const stockItemIds = amounts.map(({ stockItemId }) => stockItemId);
    await requireCountable(tx, locationId, stockItemIds);
    return moves + told.length;
  }
}

async function shippedLines(tx: Tx, { fromLocationId, lines }: Shipment): Promise<TransferLine[]> {
  const amounts = await measured(
    tx,
    lines.map((line, i) => ({ ...line, pointer: `/lines/${i}` })),
  );
  const ids = amounts.map(({ stockItemId }) => stockItemId);
  const averages = await averagesOf(tx, fromLocationId, ids);
  return amounts.map(({ stockItemId, unit, quantity }) => ({
    id: newId(),
    stockItemId,
    unit,
    shipped: quantity,
    received: 0,
    cost: costOf(averages.get(stockItemId), quantity),
  }));
}

/** What arrived of which line, as amounts of its stock item. */
function amountsOf(row: TransferRow, { lines }: Arrival): GivenAmount[] {
  const shipped = new Map(row.lines.map((line) => [line.id, line.stockItemId]));
  return lines.map(({ lineId, quantity }, i) => {
    const stockItemId = shipped.get(lineId);
    if (stockItemId === undefined) throw unknownLine(i);
    return { stockItemId, quantity, pointer: `/lines/${i}` };
  });
}

const negative = (cost: StockCost | null): StockCost | null => cost && { ...cost, micros: 0 - cost.micros };

const movementOf = (
  causeId: string,
  locationId: string,
  { stockItemId, quantity, unit, cost }: Moving,
  { occurredAt, businessDate }: Happened,
): NewMovement & OwnAmount => ({
  id: newId(),
  causeId,
  locationId,
  stockItemId,
  kind: 'transfer',
  quantity,
  unit,
  lineId: null,
  recipeId: null,
  recipeVersion: null,
  reason: null,
  cost,
  businessDate,
  occurredAt: occurredAt.toISOString(),
});

export function toTransfer(row: TransferRow): Transfer {
  const { organizationId: _, moves: __, createdAt: ___, shippedAt, updatedAt, ...fields } = row;
  const closed = row.status === 'closed';
  return {
    ...fields,
    lines: row.lines.map((line) => {
      const open = line.shipped - line.received;
      return { ...line, inTransit: closed ? 0 : open, missing: closed ? open : 0 };
    }),
    shippedAt: shippedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
