import { FeedbackReceived } from './feedback.js';
import { ItemAvailabilityChanged, MenuPublished } from './catalog.js';
import type { EventDefinition } from './event.js';
import { KeyChanged, LocationChanged, OrganizationChanged, StaffChanged } from './identity.js';
import { StockDepleted, StockLow, StockMoved, StockReplenished } from './inventory.js';
import {
  CustomerErased,
  CustomerTierChanged,
  CustomerUpdated,
  PointsEarned,
  PointsRedeemed,
  PointsReversed,
} from './loyalty.js';
import {
  OrderCancelled,
  OrderChanged,
  OrderCompleted,
  OrderFired,
  OrderMoved,
  OrderPaid,
  OrderPlaced,
  OrderReady,
  OrderReturned,
} from './orders.js';
import { LedgerPosted } from './ledger.js';
import {
  PaymentAuthorized,
  PaymentCaptured,
  PaymentDisputed,
  PaymentFailed,
  PaymentRefunded,
  PaymentUnknown,
  PaymentVoided,
} from './payments.js';

/** Every event there is. What is not in this list is not published: documents and consumers are made from it. */
export const EVENTS: readonly EventDefinition[] = [
  OrganizationChanged,
  LocationChanged,
  StaffChanged,
  KeyChanged,
  MenuPublished,
  ItemAvailabilityChanged,
  OrderPlaced,
  OrderChanged,
  OrderFired,
  OrderReady,
  OrderCompleted,
  OrderCancelled,
  OrderPaid,
  OrderMoved,
  OrderReturned,
  PaymentAuthorized,
  PaymentCaptured,
  PaymentFailed,
  PaymentVoided,
  PaymentRefunded,
  PaymentUnknown,
  PaymentDisputed,
  LedgerPosted,
  StockMoved,
  StockLow,
  StockDepleted,
  StockReplenished,
  PointsEarned,
  PointsRedeemed,
  PointsReversed,
  CustomerUpdated,
  CustomerTierChanged,
  CustomerErased,
  FeedbackReceived,
];
