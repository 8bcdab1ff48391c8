import { Module } from '@nestjs/common';
import { draftsController } from './drafts/drafts.controller.js';
import { KINDS } from './drafts/kinds.js';
import { MenusController } from './menus/menus.controller.js';
import { MenusOnSale } from './menus/menus-on-sale.js';
import { OverridesController } from './overrides/overrides.controller.js';

@Module({
  controllers: [...KINDS.map(draftsController), OverridesController, MenusController],
  providers: [MenusOnSale],
})
export class CatalogModule {}
