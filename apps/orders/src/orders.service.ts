import {
  AddLines,
  AmendOrder,
  BreakCombo,
  CancelOrder,
  CompleteOrder,
  FireOrder,
  FollowOrders,
  ItemAvailabilityChanged,
  ListCountdowns,
  ListOrders,
  MenuPublished,
  PaymentCaptured,
  PaymentRefunded,
  PaymentVoided,
  PlaceOrder,
  QuoteOrder,
  ReadCheck,
  ReadOrder,
  ReadyOrder,
  RemoveCountdown,
  SetCountdown,
  SplitOrder,
  UnsplitOrder,
  VoidLine,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Orders1760100000000 } from '../migrations/1760100000000-orders.js';
import { UsedGrants1763960000000 } from '../migrations/1763960000000-used-grants.js';
import { AvailabilityRow } from './availability/availability.entity.js';
import { CountdownRow } from './countdowns/countdown.entity.js';
import { UsedGrantRow } from './grants/used-grant.entity.js';
import { PublishedMenuRow } from './menus/published-menu.entity.js';
import { OrdersConfig } from './orders.config.js';
import { OrdersModule } from './orders.module.js';
import { OrderNumberRow, OrderRow } from './orders/order.entity.js';

/** What guests ask for: orders with their checks and lines, from quote to complete. */
export const orders: ServiceDefinition = {
  name: 'orders',
  module: OrdersModule,
  config: OrdersConfig,
  entities: [OrderRow, OrderNumberRow, PublishedMenuRow, AvailabilityRow, CountdownRow, UsedGrantRow],
  migrations: [Orders1760100000000, UsedGrants1763960000000],
  endpoints: [
    QuoteOrder,
    PlaceOrder,
    ListOrders,
    ReadOrder,
    ReadCheck,
    AmendOrder,
    AddLines,
    VoidLine,
    BreakCombo,
    FireOrder,
    ReadyOrder,
    CompleteOrder,
    CancelOrder,
    SplitOrder,
    UnsplitOrder,
    SetCountdown,
    RemoveCountdown,
    ListCountdowns,
    FollowOrders,
  ],
  consumes: [MenuPublished, ItemAvailabilityChanged, PaymentCaptured, PaymentRefunded, PaymentVoided],
};
