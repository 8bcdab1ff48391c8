import { type AnswerOf, ListLedger, ReadBalances } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { listLedger, readBalances } from './ledger.list.js';

@Controller()
export class LedgerController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListLedger)
  list(@Call() { caller, query }: CallOf<typeof ListLedger>): Promise<AnswerOf<typeof ListLedger>> {
    return inTransaction(this.db, caller.organizationId, (tx) => listLedger(tx, caller, query));
  }

  @Endpoint(ReadBalances)
  balances(@Call() { caller, query }: CallOf<typeof ReadBalances>): Promise<AnswerOf<typeof ReadBalances>> {
    return inTransaction(this.db, caller.organizationId, (tx) => readBalances(tx, caller, query));
  }
}
