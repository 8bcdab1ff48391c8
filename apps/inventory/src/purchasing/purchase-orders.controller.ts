import {
  CancelPurchaseOrder,
  ChangePurchaseOrder,
  CreatePurchaseOrder,
  ListPurchaseOrders,
  type PurchaseOrder,
  ReadPurchaseOrder,
  ReceivePurchaseOrder,
  SendPurchaseOrder,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  pageOf,
  positionOf,
  requireLocation,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgePosition } from '../positions.js';
import type { PurchaseOrderRow } from './purchase-order.entity.js';
import { PurchaseOrders, toPurchaseOrder } from './purchase-orders.js';
import { purchaseOrdersBefore, readPurchaseOrder } from './purchase-orders.store.js';

@Controller()
export class PurchaseOrdersController {
  constructor(
    private readonly db: DataSource,
    private readonly orders: PurchaseOrders,
  ) {}

  @Endpoint(CreatePurchaseOrder)
  async create(@Call() call: CallOf<typeof CreatePurchaseOrder>): Promise<Answer<PurchaseOrder>> {
    return idempotently(this.db, call, await this.orders.prepareDraft(call.caller, call.body));
  }

  @Endpoint(ListPurchaseOrders)
  list(@Call() { caller, query }: CallOf<typeof ListPurchaseOrders>) {
    const { cursor, limit, locationId = null, supplierId = null, status = null } = query;
    if (locationId !== null) requireLocation(caller, locationId);
    const filter = { locationId, supplierId, status, within: caller.locations && [...caller.locations] };
    const before = positionOf(cursor, AgePosition);
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      pageOf(await purchaseOrdersBefore(tx, filter, before, limit + 1), limit, positionIn, toPurchaseOrder),
    );
  }

  @Endpoint(ReadPurchaseOrder)
  read(@Call() { caller, params }: CallOf<typeof ReadPurchaseOrder>): Promise<PurchaseOrder> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toPurchaseOrder(await readPurchaseOrder(tx, caller, params.purchaseOrderId)),
    );
  }

  @Endpoint(ChangePurchaseOrder)
  change(@Call() call: CallOf<typeof ChangePurchaseOrder>): Promise<PurchaseOrder> {
    return inTransaction(this.db, call.caller.organizationId, (tx) => this.orders.change(tx, call));
  }

  @Endpoint(SendPurchaseOrder)
  send(@Call() call: CallOf<typeof SendPurchaseOrder>): Promise<Answer<PurchaseOrder>> {
    return idempotently(this.db, call, (tx) => this.orders.step(tx, call.caller, call.params.purchaseOrderId, 'sent'));
  }

  @Endpoint(CancelPurchaseOrder)
  cancel(@Call() call: CallOf<typeof CancelPurchaseOrder>): Promise<Answer<PurchaseOrder>> {
    return idempotently(this.db, call, (tx) =>
      this.orders.step(tx, call.caller, call.params.purchaseOrderId, 'cancelled'),
    );
  }

  @Endpoint(ReceivePurchaseOrder)
  receive(@Call() call: CallOf<typeof ReceivePurchaseOrder>): Promise<Answer<PurchaseOrder>> {
    return idempotently(this.db, call, (tx) =>
      this.orders.receive(tx, call.caller, call.params.purchaseOrderId, call.body),
    );
  }
}

const positionIn = ({ createdAt, id }: PurchaseOrderRow): [string, string] => [createdAt.toISOString(), id];
