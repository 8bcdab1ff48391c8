import { type BillState, ReadBill } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, requireLocation } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toBillState } from './bill-facts.js';
import { findBill, heldFor } from './bills.store.js';

@Controller()
export class BillsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ReadBill)
  async read(@Call() { caller, params }: CallOf<typeof ReadBill>): Promise<BillState> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const bill = await findBill(tx, params.checkId);
      requireLocation(caller, bill.locationId);
      return toBillState(bill, await heldFor(tx, params.checkId));
    });
  }
}
