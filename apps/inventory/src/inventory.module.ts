import { Module } from '@nestjs/common';
import { EntriesController } from './entries/entries.controller.js';
import { Entries } from './entries/entries.js';
import { LevelKeeper } from './levels/level-keeper.js';
import { LevelsController } from './levels/levels.controller.js';
import { Levels } from './levels/levels.service.js';
import { MovementsController } from './movements/movements.controller.js';
import { OrderConsumer } from './orders/order.consumer.js';
import { RecipeBooks } from './recipes/recipe-books.js';
import { RecipesController } from './recipes/recipes.controller.js';
import { StockItemsController } from './stock-items/stock-items.controller.js';

@Module({
  controllers: [
    StockItemsController,
    RecipesController,
    EntriesController,
    LevelsController,
    MovementsController,
    OrderConsumer,
  ],
  providers: [RecipeBooks, Levels, LevelKeeper, Entries],
})
export class InventoryModule {}
