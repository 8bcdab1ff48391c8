import { ChangeStockItem, CreateStockItem, ListStockItems, ReadStockItem, type StockItem } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  pageOfRows,
  Refusal,
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Levels } from '../levels/levels.service.js';
import { StockItemRow } from './stock-item.entity.js';
import { changeStockItem, createStockItem, lockStockItem, toStockItem } from './stock-items.js';

@Controller()
export class StockItemsController {
  constructor(
    private readonly db: DataSource,
    private readonly levels: Levels,
  ) {}

  @Endpoint(CreateStockItem)
  create(@Call() call: CallOf<typeof CreateStockItem>): Promise<Answer<StockItem>> {
    return idempotently(this.db, call, async (tx) =>
      toStockItem(await createStockItem(tx, call.caller.organizationId, call.body)),
    );
  }

  @Endpoint(ListStockItems)
  list(@Call() { caller, query }: CallOf<typeof ListStockItems>) {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      pageOfRows(tx.createQueryBuilder(StockItemRow, 'row'), query, { by: 'createdAt' }, toStockItem),
    );
  }

  @Endpoint(ReadStockItem)
  read(@Call() { caller, params }: CallOf<typeof ReadStockItem>): Promise<StockItem> {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const row = await tx.findOneBy(StockItemRow, { id: params.stockItemId });
      if (!row) throw new Refusal('not_found', 'There is no such stock item.');
      return toStockItem(row);
    });
  }

  @Endpoint(ChangeStockItem)
  change(@Call() call: CallOf<typeof ChangeStockItem>): Promise<StockItem> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockStockItem(tx, call.params.stockItemId);
      requireVersion(call, toStockItem(row));
      const changed = await changeStockItem(tx, row, given(change));
      await this.levels.tellLow(tx, changed.id);
      return toStockItem(changed);
    });
  }
}
