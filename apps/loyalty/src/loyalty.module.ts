import { Module } from '@nestjs/common';
import { CustomerKeys } from './customers/customer-keys.js';
import { Customers } from './customers/customers.js';
import { CustomersController } from './customers/customers.controller.js';
import { ExportController } from './customers/export.controller.js';
import { FeedbackController } from './feedback/feedback.controller.js';
import { Feedbacks } from './feedback/feedbacks.js';
import { GrantsController } from './grants/grants.controller.js';
import { Grants } from './grants/grants.js';
import { GrantsSweeper } from './grants/grants.sweeper.js';
import { CouponsController } from './offers/coupons.controller.js';
import { RewardsController } from './offers/rewards.controller.js';
import { CustomerOrdersConsumer } from './orders/customer-orders.consumer.js';
import { CustomerOrdersController } from './orders/customer-orders.controller.js';
import { PointsKeeper } from './points/points-keeper.js';
import { PointsMetrics } from './points/points-metrics.js';
import { PointsConsumer } from './points/points.consumer.js';
import { TiersSweeper } from './points/tiers.sweeper.js';
import { PointsController } from './points/points.controller.js';

@Module({
  controllers: [
    CustomersController,
    ExportController,
    CustomerOrdersController,
    CustomerOrdersConsumer,
    PointsController,
    PointsConsumer,
    RewardsController,
    CouponsController,
    GrantsController,
    FeedbackController,
  ],
  providers: [CustomerKeys, Customers, PointsKeeper, PointsMetrics, Grants, GrantsSweeper, TiersSweeper, Feedbacks],
})
export class LoyaltyModule {}
