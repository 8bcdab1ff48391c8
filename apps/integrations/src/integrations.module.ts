import { Module } from '@nestjs/common';
import { Courier } from './deliveries/courier.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { Endpoints } from './endpoints/endpoints.js';
import { SigningSecrets } from './endpoints/signing-secrets.js';
import { EventsConsumer } from './events/events.consumer.js';
import { Forgetting } from './events/forgetting.js';
import { Sender } from './sending/sender.js';

@Module({
  controllers: [EndpointsController, DeliveriesController, EventsConsumer],
  providers: [SigningSecrets, Endpoints, Sender, Courier, Forgetting],
})
export class IntegrationsModule {}
