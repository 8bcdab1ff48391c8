import {
  AdjustStock,
  ChangeStockItem,
  CountStock,
  CreateStockItem,
  ListLevels,
  ListMovements,
  ListRecipes,
  ListRecipeVersions,
  ListStockItems,
  OrderCancelled,
  OrderChanged,
  OrderPlaced,
  PutRecipes,
  ReadStockItem,
  ReceiveStock,
  SummarizeMovements,
  WasteStock,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Inventory1760200000000 } from '../migrations/1760200000000-inventory.js';
import { StockEntryRow } from './entries/stock-entry.entity.js';
import { InventoryModule } from './inventory.module.js';
import { LevelRow } from './levels/level.entity.js';
import { UnsettledRow } from './levels/unsettled.entity.js';
import { MovementRow } from './movements/movement.entity.js';
import { OrderConsumptionRow } from './orders/order-consumption.entity.js';
import { RecipeBookRow, RecipeRow, RecipeVersionRow } from './recipes/recipe.entity.js';
import { StockItemRow } from './stock-items/stock-item.entity.js';

/** What there is in stock: stock items, recipes, movements and the levels they come to. */
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
  ],
  migrations: [Inventory1760200000000],
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
  ],
  consumes: [OrderPlaced, OrderChanged, OrderCancelled],
};
