import { Module } from '@nestjs/common';
import { CostBooks } from './costs/cost-books.js';
import { EntriesController } from './entries/entries.controller.js';
import { Entries } from './entries/entries.js';
import { LevelKeeper } from './levels/level-keeper.js';
import { LevelsController } from './levels/levels.controller.js';
import { Levels } from './levels/levels.service.js';
import { MovementsController } from './movements/movements.controller.js';
import { OrderConsumer } from './orders/order.consumer.js';
import { PurchaseOrders } from './purchasing/purchase-orders.js';
import { PurchaseOrdersController } from './purchasing/purchase-orders.controller.js';
import { RecipeBooks } from './recipes/recipe-books.js';
import { RecipesController } from './recipes/recipes.controller.js';
import { StockItemsController } from './stock-items/stock-items.controller.js';
import { SuppliersController } from './suppliers/suppliers.controller.js';
import { Transfers } from './transfers/transfers.js';
import { TransfersController } from './transfers/transfers.controller.js';
import { VariancesController } from './variances/variances.controller.js';

@Module({
  controllers: [
    StockItemsController,
    RecipesController,
    EntriesController,
    LevelsController,
    MovementsController,
    OrderConsumer,
    SuppliersController,
    PurchaseOrdersController,
    TransfersController,
    VariancesController,
  ],
  providers: [RecipeBooks, CostBooks, Levels, LevelKeeper, Entries, PurchaseOrders, Transfers],
})
export class InventoryModule {}
