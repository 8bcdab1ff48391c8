import type {
  ChangePurchaseOrder,
  CreatePurchaseOrder,
  PurchaseOrder,
  PurchaseOrderStatus,
  ReceivePurchaseOrder,
} from '@comanda/contracts';
import {
  type Caller,
  type CallOf,
  given,
  newId,
  Refusal,
  refuseTaken,
  requireLocation,
  requireVersion,
  type Tx,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { Entries } from '../entries/entries.js';
import { type GivenAmount, measured } from '../stock-items/measured.js';
import { SupplierRow } from '../suppliers/supplier.entity.js';
import { become, receive, unknownLine } from './purchase-order.js';
import { PurchaseOrderRow } from './purchase-order.entity.js';
import { lockPurchaseOrder, savePurchaseOrder } from './purchase-orders.store.js';

type Draft = CallOf<typeof CreatePurchaseOrder>['body'];
type Delivery = CallOf<typeof ReceivePurchaseOrder>['body'];

/** Orders from suppliers, and takes in what comes. */
@Injectable()
export class PurchaseOrders {
  constructor(
    private readonly locations: KnownLocations,
    private readonly entries: Entries,
  ) {}

  /** Makes ready to draft: what comes back runs in the transaction of the request. */
  async prepareDraft(caller: Caller, { id = newId(), ...draft }: Draft): Promise<(tx: Tx) => Promise<PurchaseOrder>> {
    requireLocation(caller, draft.locationId);
    const { organizationId } = caller;
    const { currency } = await this.locations.get(organizationId, draft.locationId);
    return async (tx) => {
      await requireSupplier(tx, draft.supplierId);
      const lines = await linesOf(tx, draft.lines);
      const now = new Date();
      const row: PurchaseOrderRow = {
        id,
        organizationId,
        ...draft,
        lines,
        currency,
        status: 'draft',
        receiptIds: [],
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await refuseTaken(tx.insert(PurchaseOrderRow, row), 'A purchase order with this id exists.');
      return toPurchaseOrder(row);
    };
  }

  /** Changes a draft that has not been changed since it was read. */
  async change(tx: Tx, call: CallOf<typeof ChangePurchaseOrder>): Promise<PurchaseOrder> {
    const { version: _, lines, ...change } = call.body;
    const row = await lockPurchaseOrder(tx, call.caller, call.params.purchaseOrderId);
    requireVersion(call, toPurchaseOrder(row));
    if (row.status !== 'draft')
      throw new Refusal('purchase_order_state', 'Only a draft can be changed.', { status: row.status });
    const changed = { ...given(change), ...(lines && { lines: await linesOf(tx, lines) }) };
    return toPurchaseOrder(await savePurchaseOrder(tx, row, changed));
  }

  /** Sends a draft, or cancels what is still to come. */
  async step(tx: Tx, caller: Caller, id: string, to: PurchaseOrderStatus): Promise<PurchaseOrder> {
    const row = await lockPurchaseOrder(tx, caller, id);
    return toPurchaseOrder(await savePurchaseOrder(tx, row, { status: become(row.status, to) }));
  }

  /** Takes in what came: an ordinary receipt, at its cost. */
  async receive(tx: Tx, caller: Caller, id: string, delivery: Delivery): Promise<PurchaseOrder> {
    const row = await lockPurchaseOrder(tx, caller, id);
    const { locationId } = row;
    const location = await this.locations.get(caller.organizationId, locationId);
    const amounts = await measured(tx, deliveredOf(row, delivery));
    const delivered = delivery.lines.map(({ lineId, cost }, i) => ({
      lineId,
      cost,
      quantity: amounts[i]?.quantity ?? 0,
    }));
    const { bought, ...change } = receive(row.status, row.lines, delivered, delivery.freight);
    const { reference, occurredAt, id: receiptId } = delivery;
    const entry = { id: receiptId, locationId, reference: reference ?? row.reference, occurredAt };
    const receipt = await this.entries.enter(tx, caller, 'receipt', entry, bought, location);
    const receiptIds = [...row.receiptIds, receipt.id];
    return toPurchaseOrder(await savePurchaseOrder(tx, row, { ...change, receiptIds }));
  }
}

/** What came of which line, as amounts of its stock item. */
function deliveredOf(row: PurchaseOrderRow, { lines }: Delivery): GivenAmount[] {
  const ordered = new Map(row.lines.map((line) => [line.id, line.stockItemId]));
  return lines.map(({ lineId, quantity }, i) => {
    const stockItemId = ordered.get(lineId);
    if (stockItemId === undefined) throw unknownLine(i);
    return { stockItemId, quantity, pointer: `/lines/${i}` };
  });
}

async function linesOf(tx: Tx, lines: Draft['lines']): Promise<PurchaseOrder['lines']> {
  const amounts = await measured(
    tx,
    lines.map((line, i) => ({ ...line, pointer: `/lines/${i}` })),
  );
  return amounts.map((amount, i) => ({
    id: newId(),
    ...amount,
    cost: lines[i]?.cost ?? 0,
    received: 0,
    receivedCost: 0,
  }));
}

async function requireSupplier(tx: Tx, id: string): Promise<void> {
  const supplier = await tx.findOneBy(SupplierRow, { id, active: true });
  if (supplier) return;
  const detail = 'There is no such supplier, or nothing is ordered from it any more.';
  throw new Refusal('reference_unknown', detail, { errors: [{ pointer: '/supplierId', detail }] });
}

export function toPurchaseOrder({
  organizationId: _,
  createdAt,
  updatedAt,
  ...fields
}: PurchaseOrderRow): PurchaseOrder {
  return { ...fields, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
