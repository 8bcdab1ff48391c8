import {
  AdjustStock,
  CancelPurchaseOrder,
  ChangePurchaseOrder,
  ChangeStockItem,
  ChangeSupplier,
  CloseTransfer,
  CountStock,
  CreatePurchaseOrder,
  CreateStockItem,
  CreateSupplier,
  ListLevels,
  ListMovements,
  ListPurchaseOrders,
  ListRecipes,
  ListRecipeVersions,
  ListStockItems,
  ListSuppliers,
  ListTransfers,
  ListVariances,
  OrderCancelled,
  OrderChanged,
  OrderPlaced,
  PutRecipes,
  ReadPurchaseOrder,
  ReadStockItem,
  ReadSupplier,
  ReadTransfer,
  ReceivePurchaseOrder,
  ReceiveStock,
  ReceiveTransfer,
  SendPurchaseOrder,
  ShipTransfer,
  SummarizeMovements,
  WasteStock,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Inventory1760200000000 } from '../migrations/1760200000000-inventory.js';
import { CostsAndPurchasing1760300000000 } from '../migrations/1760300000000-costs-and-purchasing.js';
import { CostBookRow, StockCostRow } from './costs/stock-cost.entity.js';
import { StockEntryRow } from './entries/stock-entry.entity.js';
import { InventoryModule } from './inventory.module.js';
import { LevelRow } from './levels/level.entity.js';
import { UnsettledRow } from './levels/unsettled.entity.js';
import { MovementRow } from './movements/movement.entity.js';
import { OrderConsumptionRow } from './orders/order-consumption.entity.js';
import { PurchaseOrderRow } from './purchasing/purchase-order.entity.js';
import { RecipeBookRow, RecipeRow, RecipeVersionRow } from './recipes/recipe.entity.js';
import { StockItemRow } from './stock-items/stock-item.entity.js';
import { SupplierRow } from './suppliers/supplier.entity.js';
import { TransferRow } from './transfers/transfer.entity.js';

/** What there is in stock: stock items, recipes, movements, the levels they come to, and what that cost. */
export const inventory: ServiceDefinition = {
  name: 'inventory',
  module: InventoryModule,
  entities: [
    StockItemRow,
    RecipeBookRow,
    RecipeRow,
    RecipeVersionRow,
    StockEntryRow,
    MovementRow,
    OrderConsumptionRow,
    UnsettledRow,
    LevelRow,
    StockCostRow,
    CostBookRow,
    SupplierRow,
    PurchaseOrderRow,
    TransferRow,
  ],
  migrations: [Inventory1760200000000, CostsAndPurchasing1760300000000],
  endpoints: [
    CreateStockItem,
    ListStockItems,
    ReadStockItem,
    ChangeStockItem,
    PutRecipes,
    ListRecipes,
    ListRecipeVersions,
    ReceiveStock,
    CountStock,
    WasteStock,
    AdjustStock,
    ListLevels,
    ListMovements,
    SummarizeMovements,
    CreateSupplier,
    ListSuppliers,
    ReadSupplier,
    ChangeSupplier,
    CreatePurchaseOrder,
    ListPurchaseOrders,
    ReadPurchaseOrder,
    ChangePurchaseOrder,
    SendPurchaseOrder,
    CancelPurchaseOrder,
    ReceivePurchaseOrder,
    ShipTransfer,
    ListTransfers,
    ReadTransfer,
    ReceiveTransfer,
    CloseTransfer,
    ListVariances,
  ],
  consumes: [OrderPlaced, OrderChanged, OrderCancelled],
  relaxed: ['relay'],
};
