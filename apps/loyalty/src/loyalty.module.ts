import { Module } from '@nestjs/common';
import { CustomerKeys } from './customers/customer-keys.js';
import { Customers } from './customers/customers.js';
import { CustomersController } from './customers/customers.controller.js';
import { CustomerOrdersConsumer } from './orders/customer-orders.consumer.js';
import { CustomerOrdersController } from './orders/customer-orders.controller.js';
import { PointsKeeper } from './points/points-keeper.js';
import { PointsConsumer } from './points/points.consumer.js';
import { PointsController } from './points/points.controller.js';

@Module({
  controllers: [
    CustomersController,
    CustomerOrdersController,
    CustomerOrdersConsumer,
    PointsController,
    PointsConsumer,
  ],
  providers: [CustomerKeys, Customers, PointsKeeper],
})
export class LoyaltyModule {}
