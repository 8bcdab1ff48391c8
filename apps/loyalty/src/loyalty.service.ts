import {
  ENDPOINTS,
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderPaid,
  OrderPlaced,
  OrderReady,
  PaymentRefunded,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Loyalty1760300000000 } from '../migrations/1760300000000-loyalty.js';
import { CustomerRow, OrganizationKeyRow } from './customers/customer.entity.js';
import { LoyaltyModule } from './loyalty.module.js';
import { CustomerOrderRow } from './orders/customer-order.entity.js';
import { PointsEntryRow, PointsFactRow, ProgramRow } from './points/points.entity.js';

/** Guests who are known: who they are, what they ordered, and their points. */
export const loyalty: ServiceDefinition = {
  name: 'loyalty',
  module: LoyaltyModule,
  entities: [OrganizationKeyRow, CustomerRow, ProgramRow, PointsEntryRow, PointsFactRow, CustomerOrderRow],
  migrations: [Loyalty1760300000000],
  endpoints: ENDPOINTS.loyalty,
  consumes: [
    OrderPlaced,
    OrderChanged,
    OrderFired,
    OrderReady,
    OrderCompleted,
    OrderCancelled,
    OrderPaid,
    PaymentRefunded,
  ],
};
