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
import { OffersAndGrants1763960000001 } from '../migrations/1763960000001-offers-and-grants.js';
import { Tiers1763960000002 } from '../migrations/1763960000002-tiers.js';
import { Feedback1763960000003 } from '../migrations/1763960000003-feedback.js';
import { CustomerRow, OrganizationKeyRow } from './customers/customer.entity.js';
import { FeedbackRow } from './feedback/feedback.entity.js';
import { GrantRow } from './grants/grant.entity.js';
import { LoyaltyModule } from './loyalty.module.js';
import { CouponCodeRow, OfferRow } from './offers/offer.entity.js';
import { CustomerOrderRow } from './orders/customer-order.entity.js';
import { PointsEntryRow, PointsFactRow, ProgramRow } from './points/points.entity.js';

/** Guests who are known: who they are, what they ordered, and their points. */
export const loyalty: ServiceDefinition = {
  name: 'loyalty',
  module: LoyaltyModule,
  entities: [
    OrganizationKeyRow,
    CustomerRow,
    ProgramRow,
    PointsEntryRow,
    PointsFactRow,
    CustomerOrderRow,
    OfferRow,
    CouponCodeRow,
    GrantRow,
    FeedbackRow,
  ],
  migrations: [Loyalty1760300000000, OffersAndGrants1763960000001, Tiers1763960000002, Feedback1763960000003],
  endpoints: ENDPOINTS.loyalty,
  relaxed: ['relay'],
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
