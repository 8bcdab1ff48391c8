import { Module } from '@nestjs/common';
import { GuestAccountsController } from './accounts/guest-accounts.controller.js';
import { AttemptsController } from './attempts/attempts.controller.js';
import { AttemptMetrics } from './attempts/attempt-metrics.js';
import { Attempts } from './attempts/attempts.js';
import { Resolver } from './attempts/resolver.js';
import { BillsController } from './bills/bills.controller.js';
import { OrdersConsumer } from './bills/orders.consumer.js';
import { ClosingTime } from './closing/closing-time.js';
import { Disputes } from './disputes/disputes.js';
import { DisputesController } from './disputes/disputes.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerMetrics } from './ledger/ledger-metrics.js';
import { PaymentsController } from './payments/payments.controller.js';
import { Tenders } from './payments/tenders.js';
import { Tips } from './payments/tips.js';
import { CardProviderController } from './provider/card-provider.controller.js';
import { ConnectedAccounts } from './provider/connected-accounts.js';
import { ProviderAccounts } from './provider/provider-accounts.js';
import { Refunds } from './refunds/refunds.js';
import { RefundsController } from './refunds/refunds.controller.js';
import { Settlements } from './settlements/settlements.js';
import { SettlementsController } from './settlements/settlements.controller.js';
import { Tabs } from './tabs/tabs.js';
import { TasksController } from './tasks/tasks.controller.js';
import { Notices } from './webhooks/notices.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

@Module({
  // Paths are matched as they are written: all that have a name of their own before {paymentId}.
  controllers: [
    BillsController,
    LedgerController,
    TasksController,
    SettlementsController,
    DisputesController,
    GuestAccountsController,
    AttemptsController,
    WebhooksController,
    CardProviderController,
    PaymentsController,
    RefundsController,
    OrdersConsumer,
  ],
  providers: [
    Tenders,
    Tips,
    ClosingTime,
    Tabs,
    Refunds,
    Attempts,
    AttemptMetrics,
    LedgerMetrics,
    Resolver,
    ProviderAccounts,
    ConnectedAccounts,
    Disputes,
    Settlements,
    Notices,
  ],
})
export class PaymentsModule {}
