import {
  AddLines,
  AmendOrder,
  BreakCombo,
  CancelOrder,
  CompleteOrder,
  DiscountLine,
  FireOrder,
  FollowOrders,
  HoldLines,
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
  StaffChanged,
  UnsplitOrder,
  VoidLine,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Orders1760100000000 } from '../migrations/1760100000000-orders.js';
import { KnownStaff1763930000002 } from '../migrations/1763930000002-known-staff.js';
import { UsedGrants1763960000000 } from '../migrations/1763960000000-used-grants.js';
import { AvailabilityRow } from './availability/availability.entity.js';
import { CountdownRow } from './countdowns/countdown.entity.js';
import { UsedGrantRow } from './grants/used-grant.entity.js';
import { PublishedMenuRow } from './menus/published-menu.entity.js';
import { OrdersConfig } from './orders.config.js';
import { OrdersModule } from './orders.module.js';
import { OrderNumberRow, OrderRow } from './orders/order.entity.js';
import { KnownStaffRow } from './staff/known-staff.entity.js';

/** What guests ask for: orders with their checks and lines, from quote to complete. */
export const orders: ServiceDefinition = {
  name: 'orders',
  module: OrdersModule,
  config: OrdersConfig,
  entities: [OrderRow, OrderNumberRow, PublishedMenuRow, AvailabilityRow, CountdownRow, KnownStaffRow, UsedGrantRow],
  migrations: [Orders1760100000000, KnownStaff1763930000002, UsedGrants1763960000000],
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
    DiscountLine,
    FireOrder,
    HoldLines,
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
  consumes: [MenuPublished, ItemAvailabilityChanged, PaymentCaptured, PaymentRefunded, PaymentVoided, StaffChanged],
};
