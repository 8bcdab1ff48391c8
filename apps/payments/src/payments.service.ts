import {
  AdjustTip,
  BillGuestAccount,
  CapturePayment,
  ConnectCardProvider,
  ChangeGuestAccount,
  FindGiftCard,
  FinishPaymentTask,
  ListGuestAccountEntries,
  ListGuestAccounts,
  ListDisputes,
  ListLateDeclines,
  ListLedger,
  ListPayments,
  ListPaymentAttempts,
  ListPaymentTasks,
  LookUpPaymentAttempt,
  ReceiveProviderWebhook,
  SettlePaymentAttempt,
  ListRefunds,
  ListSettlements,
  OrderCancelled,
  OrderChanged,
  OrderPlaced,
  ReadBalances,
  ReadBill,
  ReadCardProvider,
  OpenGuestAccount,
  ReadGuestAccount,
  ReadPayment,
  ReadReconciliation,
  ReadStatement,
  RefundPayment,
  TakePayment,
  VoidPayment,
} from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Payments1760200000000 } from '../migrations/1760200000000-payments.js';
import { Ledger1760200000001 } from '../migrations/1760200000001-ledger.js';
import { Sandbox1760200000002 } from '../migrations/1760200000002-sandbox.js';
import { ReturnClaims1763910000000 } from '../migrations/1763910000000-return-claims.js';
import { ProviderAccounts1763940000001 } from '../migrations/1763940000001-provider-accounts.js';
import { Tasks1763950000000 } from '../migrations/1763950000000-tasks.js';
import { GuestAccounts1763950000001 } from '../migrations/1763950000001-guest-accounts.js';
import { Disputes1763950000002 } from '../migrations/1763950000002-disputes.js';
import { Closing1763950000003 } from '../migrations/1763950000003-closing.js';
import { ConnectedAccounts1760310000000 } from '../migrations/1760310000000-connected-accounts.js';
import { Tabs1764030000000 } from '../migrations/1764030000000-tabs.js';
import { WatchedLedger1764100000000 } from '../migrations/1764100000000-watched-ledger.js';
import { GuestAccountEntity, GuestAccountEntryEntity } from './accounts/guest-account.entity.js';
import { LateMoney1763950900000 } from '../migrations/1763950900000-late-money.js';
import { Wallets1763950900001 } from '../migrations/1763950900001-wallets.js';
import { BookedAttempts1763980000000 } from '../migrations/1763980000000-booked-attempts.js';
import { AttemptEntity } from './attempts/attempt.entity.js';
import { BillEntity } from './bills/bill.entity.js';
import { DisputeEntity } from './disputes/dispute.entity.js';
import { LedgerPostingEntity, LedgerTransactionEntity } from './ledger/ledger.entity.js';
import { PaymentsConfig } from './payments.config.js';
import { PaymentsModule } from './payments.module.js';
import { PaymentEntity } from './payments/payment.entity.js';
import { ConnectedAccountEntity } from './provider/connected-account.entity.js';
import { RefundEntity } from './refunds/refund.entity.js';
import { TaskEntity } from './tasks/task.entity.js';
import { NoticeEntity } from './webhooks/notice.entity.js';

/** Who paid what: tenders, refunds, and the ledger that says whose the money is. */
export const payments: ServiceDefinition = {
  name: 'payments',
  module: PaymentsModule,
  entities: [
    BillEntity,
    PaymentEntity,
    RefundEntity,
    AttemptEntity,
    LedgerTransactionEntity,
    LedgerPostingEntity,
    TaskEntity,
    GuestAccountEntity,
    GuestAccountEntryEntity,
    DisputeEntity,
    NoticeEntity,
    ConnectedAccountEntity,
  ],
  migrations: [
    Payments1760200000000,
    Ledger1760200000001,
    Sandbox1760200000002,
    ConnectedAccounts1760310000000,
    ReturnClaims1763910000000,
    ProviderAccounts1763940000001,
    Tasks1763950000000,
    GuestAccounts1763950000001,
    Disputes1763950000002,
    Closing1763950000003,
    LateMoney1763950900000,
    Wallets1763950900001,
    BookedAttempts1763980000000,
    Tabs1764030000000,
    WatchedLedger1764100000000,
  ],
  endpoints: [
    TakePayment,
    ListPayments,
    ListLateDeclines,
    ListDisputes,
    ListPaymentAttempts,
    LookUpPaymentAttempt,
    SettlePaymentAttempt,
    ReceiveProviderWebhook,
    ReadCardProvider,
    ConnectCardProvider,
    ListSettlements,
    ReadReconciliation,
    ListPaymentTasks,
    FinishPaymentTask,
    OpenGuestAccount,
    ListGuestAccounts,
    FindGiftCard,
    ReadGuestAccount,
    ChangeGuestAccount,
    BillGuestAccount,
    ListGuestAccountEntries,
    ReadStatement,
    ReadPayment,
    CapturePayment,
    AdjustTip,
    VoidPayment,
    RefundPayment,
    ListRefunds,
    ReadBill,
    ListLedger,
    ReadBalances,
  ],
  consumes: [OrderPlaced, OrderChanged, OrderCancelled],
  config: PaymentsConfig,
};
