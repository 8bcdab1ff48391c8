import { Module } from '@nestjs/common';
import { AvailabilityController } from './availability/availability.controller.js';
import { AvailabilitySweeper } from './availability/availability.sweeper.js';
import { StockConsumer } from './availability/stock.consumer.js';
import { draftsController } from './drafts/drafts.controller.js';
import { KINDS } from './drafts/kinds.js';
import { ImportController } from './import/import.controller.js';
import { MenusController } from './menus/menus.controller.js';
import { MenusOnSale } from './menus/menus-on-sale.js';
import { OverridesController } from './overrides/overrides.controller.js';

@Module({
  controllers: [
    ...KINDS.map(draftsController),
    OverridesController,
    MenusController,
    ImportController,
    AvailabilityController,
    StockConsumer,
  ],
  providers: [MenusOnSale, AvailabilitySweeper],
})
export class CatalogModule {}
