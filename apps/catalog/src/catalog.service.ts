import { ENDPOINTS, StockDepleted, StockReplenished } from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Catalog1760100000000 } from '../migrations/1760100000000-catalog.js';
import { SchedulesAndGroups1763800000000 } from '../migrations/1763800000000-schedules-and-groups.js';
import { AvailabilityRow } from './availability/availability.entity.js';
import { StockOutRow } from './availability/stock-out.entity.js';
import { CatalogModule } from './catalog.module.js';
import { CatalogObjectRow } from './drafts/catalog-object.entity.js';
import { CatalogPartRow } from './drafts/catalog-part.entity.js';
import { menuShortcut } from './menus/menu-shortcut.js';
import { MenuRow } from './menus/menu.entity.js';
import { PublicationRow } from './menus/publication.entity.js';
import { ItemOverrideRow } from './overrides/item-override.entity.js';

/** What is sold, where, at which price: drafts, published menus, and what cannot be ordered now. */
export const catalog: ServiceDefinition = {
  name: 'catalog',
  module: CatalogModule,
  entities: [CatalogObjectRow, CatalogPartRow, ItemOverrideRow, MenuRow, PublicationRow, AvailabilityRow, StockOutRow],
  migrations: [Catalog1760100000000, SchedulesAndGroups1763800000000],
  endpoints: ENDPOINTS.catalog,
  consumes: [StockDepleted, StockReplenished],
  shortcut: menuShortcut,
};
