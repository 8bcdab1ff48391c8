import { Module } from '@nestjs/common';
import { AvailabilityConsumer } from './availability/availability.consumer.js';
import { Availability } from './availability/availability.js';
import { Bills } from './checks/bills.js';
import { CountdownsController } from './countdowns/countdowns.controller.js';
import { FeedController } from './feed/feed.controller.js';
import { Followers } from './feed/followers.js';
import { CatalogClient } from './menus/catalog-client.js';
import { MenuFetcher } from './menus/menu-fetcher.js';
import { MenuPublishedConsumer } from './menus/menu-published.consumer.js';
import { Grants } from './grants/grants.js';
import { Menus } from './menus/menus.js';
import { OrderChangesController } from './orders/order-changes.controller.js';
import { OrdersController } from './orders/orders.controller.js';
import { Orders } from './orders/orders.js';
import { Placements } from './orders/placements.js';
import { PartiesController } from './parties/parties.controller.js';
import { PaymentsConsumer } from './payments/payments.consumer.js';
import { SplitsController } from './splits/splits.controller.js';
import { ScheduleController } from './schedule/schedule.controller.js';
import { ScheduleSweeper } from './schedule/schedule.sweeper.js';
import { StaffConsumer } from './staff/staff.consumer.js';
import { TablesController } from './tables/tables.controller.js';

@Module({
  controllers: [
    OrdersController,
    OrderChangesController,
    SplitsController,
    TablesController,
    PartiesController,
    CountdownsController,
    FeedController,
    MenuPublishedConsumer,
    AvailabilityConsumer,
    PaymentsConsumer,
    ScheduleController,
    StaffConsumer,
  ],
  providers: [
    Orders,
    Placements,
    Bills,
    Grants,
    Menus,
    MenuFetcher,
    CatalogClient,
    Availability,
    Followers,
    ScheduleSweeper,
  ],
})
export class OrdersModule {}
