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
  ListTables,
  MenuPublished,
  MergeOrders,
  PaymentCaptured,
  PaymentRefunded,
  PaymentVoided,
  PlaceOrder,
  PromiseOrder,
  QuoteOrder,
  ReadCheck,
  ReadFloorPlan,
  ReadOrder,
  ReadParty,
  ReadyOrder,
  RemoveCountdown,
  ReturnLines,
  SetCountdown,
  SetFloorPlan,
  SplitOrder,
  StaffChanged,
  TransferTable,
  UnmergeOrders,
  UnsplitOrder,
  VoidLine,
  WaiveCharge,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Orders1760100000000 } from '../migrations/1760100000000-orders.js';
import { FloorPlans1763920000000 } from '../migrations/1763920000000-floor-plans.js';
import { KnownStaff1763930000002 } from '../migrations/1763930000002-known-staff.js';
import { ScheduledOrders1763930000004 } from '../migrations/1763930000004-scheduled-orders.js';
import { UsedGrants1763960000000 } from '../migrations/1763960000000-used-grants.js';
import { OrderTabs1764030000001 } from '../migrations/1764030000001-tabs.js';
import { AvailabilityRow } from './availability/availability.entity.js';
import { CountdownRow } from './countdowns/countdown.entity.js';
import { UsedGrantRow } from './grants/used-grant.entity.js';
import { PublishedMenuRow } from './menus/published-menu.entity.js';
import { OrdersConfig } from './orders.config.js';
import { OrdersModule } from './orders.module.js';
import { OrderNumberRow, OrderRow } from './orders/order.entity.js';
import { OrderSlotRow, ScheduledOrderRow } from './schedule/scheduled-order.entity.js';
import { KnownStaffRow } from './staff/known-staff.entity.js';
import { FloorPlanRow } from './tables/floor-plan.entity.js';

/** What guests ask for: orders with their checks and lines, from quote to complete. */
export const orders: ServiceDefinition = {
  name: 'orders',
  module: OrdersModule,
  config: OrdersConfig,
  entities: [
    OrderRow,
    OrderNumberRow,
    PublishedMenuRow,
    AvailabilityRow,
    CountdownRow,
    FloorPlanRow,
    KnownStaffRow,
    ScheduledOrderRow,
    OrderSlotRow,
    UsedGrantRow,
  ],
  migrations: [
    Orders1760100000000,
    FloorPlans1763920000000,
    KnownStaff1763930000002,
    ScheduledOrders1763930000004,
    UsedGrants1763960000000,
    OrderTabs1764030000001,
  ],
  endpoints: [
    QuoteOrder,
    PlaceOrder,
    ListOrders,
    ReadOrder,
    ReadCheck,
    AmendOrder,
    AddLines,
    VoidLine,
    WaiveCharge,
    BreakCombo,
    DiscountLine,
    PromiseOrder,
    ReturnLines,
    FireOrder,
    HoldLines,
    ReadyOrder,
    CompleteOrder,
    CancelOrder,
    SplitOrder,
    UnsplitOrder,
    ReadFloorPlan,
    SetFloorPlan,
    ListTables,
    TransferTable,
    ReadParty,
    MergeOrders,
    UnmergeOrders,
    SetCountdown,
    RemoveCountdown,
    ListCountdowns,
    FollowOrders,
  ],
  consumes: [MenuPublished, ItemAvailabilityChanged, PaymentCaptured, PaymentRefunded, PaymentVoided, StaffChanged],
};
