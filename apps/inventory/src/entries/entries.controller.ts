import { AdjustStock, CountStock, ReceiveStock, type StockEntry, WasteStock } from '@comanda/contracts';
import { type Answer, Call, type CallOf, Endpoint, idempotently } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Entries } from './entries.js';

@Controller()
export class EntriesController {
  constructor(
    private readonly db: DataSource,
    private readonly entries: Entries,
  ) {}

  @Endpoint(ReceiveStock)
  async receive(@Call() call: CallOf<typeof ReceiveStock>): Promise<Answer<StockEntry>> {
    return idempotently(this.db, call, await this.entries.prepare(call.caller, 'receipt', call.body));
  }

  @Endpoint(CountStock)
  async count(@Call() call: CallOf<typeof CountStock>): Promise<Answer<StockEntry>> {
    return idempotently(this.db, call, await this.entries.prepare(call.caller, 'count', call.body));
  }

  @Endpoint(WasteStock)
  async waste(@Call() call: CallOf<typeof WasteStock>): Promise<Answer<StockEntry>> {
    return idempotently(this.db, call, await this.entries.prepare(call.caller, 'waste', call.body));
  }

  @Endpoint(AdjustStock)
  async adjust(@Call() call: CallOf<typeof AdjustStock>): Promise<Answer<StockEntry>> {
    return idempotently(this.db, call, await this.entries.prepare(call.caller, 'adjustment', call.body));
  }
}
