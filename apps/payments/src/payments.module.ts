import { CONFIG } from '@comanda/platform';
import { Module } from '@nestjs/common';
import { AttemptMetrics } from './attempts/attempt-metrics.js';
import { Attempts } from './attempts/attempts.js';
import { Resolver } from './attempts/resolver.js';
import { BillsController } from './bills/bills.controller.js';
import { OrdersConsumer } from './bills/orders.consumer.js';
import { LedgerController } from './ledger/ledger.controller.js';
import type { PaymentsConfig } from './payments.config.js';
import { PaymentsController } from './payments/payments.controller.js';
import { Tenders } from './payments/tenders.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './provider/payment-provider.js';
import { ProviderLine } from './provider/provider-line.js';
import { SandboxProvider } from './provider/sandbox-provider.js';
import { Refunds } from './refunds/refunds.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { TasksController } from './tasks/tasks.controller.js';

@Module({
  // Paths are matched as they are written: bills, ledger and tasks before {paymentId}.
  controllers: [
    BillsController,
    LedgerController,
    TasksController,
    PaymentsController,
    RefundsController,
    OrdersConsumer,
  ],
  providers: [
    Tenders,
    Refunds,
    Attempts,
    AttemptMetrics,
    Resolver,
    { provide: PAYMENT_PROVIDER, useClass: SandboxProvider },
    {
      provide: ProviderLine,
      inject: [PAYMENT_PROVIDER, CONFIG],
      useFactory: (provider: PaymentProvider, config: PaymentsConfig) =>
        new ProviderLine(provider, {
          timeoutMs: config.PAYMENT_PROVIDER_TIMEOUT_MS,
          concurrency: config.PAYMENT_PROVIDER_CONCURRENCY,
        }),
    },
  ],
})
export class PaymentsModule {}
