import { ENDPOINTS } from '@comanda/contracts';
import type { ServiceDefinition } from '@comanda/service';
import { Reporting1760400000000 } from '../migrations/1760400000000-reporting.js';
import { Returns1763910000000 } from '../migrations/1763910000000-returns.js';
import { Approvals1763930000003 } from '../migrations/1763930000003-approvals.js';
import { Loads1763950000000 } from '../migrations/1763950000000-loads.js';
import { FoodCost1763980000000 } from '../migrations/1763980000000-food-cost.js';
import { ChargesTurnsDelays1764320000000 } from '../migrations/1764320000000-charges-turns-delays.js';
import { FeedbackScores1763960000004 } from '../migrations/1763960000004-feedback-scores.js';
import { FeedbackScoreRow } from './feedback/feedback-score.entity.js';
import { FEEDBACK_NEWS } from './feedback/feedback.store.js';
import { LedgerEntryRow } from './money/ledger-entry.entity.js';
import { MONEY_NEWS } from './money/money.store.js';
import { TenderRow } from './money/tender.entity.js';
import { ReportingModule } from './reporting.module.js';
import { SalePartRow } from './sales/sale-part.entity.js';
import { SoldOrderRow } from './sales/sold-order.entity.js';
import { SALES_NEWS } from './sales/sales.store.js';
import { StockMovementRow } from './stock/stock-movement.entity.js';
import { STOCK_NEWS } from './stock/stock.store.js';

/** Sales, taxes, payments and stock as reports, from the topics alone. */
export const reporting: ServiceDefinition = {
  name: 'reporting',
  module: ReportingModule,
  entities: [SoldOrderRow, SalePartRow, LedgerEntryRow, TenderRow, StockMovementRow, FeedbackScoreRow],
  migrations: [
    Reporting1760400000000,
    Returns1763910000000,
    Approvals1763930000003,
    Loads1763950000000,
    FeedbackScores1763960000004,
    FoodCost1763980000000,
    ChargesTurnsDelays1764320000000,
  ],
  endpoints: ENDPOINTS.reporting,
  consumes: [...SALES_NEWS, ...MONEY_NEWS, ...STOCK_NEWS, ...FEEDBACK_NEWS],
  relaxed: ['consumer', 'relay'],
};
