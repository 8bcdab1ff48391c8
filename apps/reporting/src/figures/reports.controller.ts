import {
  ChargesReport,
  DiscountsReport,
  FeedbackReport,
  FoodCostReport,
  PaymentsReport,
  ReconciliationReport,
  SalesReport,
  StockReport,
  SyncHealthReport,
  TableTurnReport,
  TaxesReport,
  ReturnsReport,
  VoidsReport,
} from '@comanda/contracts';
import { Answer, Call, type CallOf, Endpoint, inTransaction, requireLocation } from '@comanda/platform';
import { Controller, Headers } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toCsv } from './csv.js';
import {
  CHARGES,
  DISCOUNTS,
  FEEDBACK,
  FOOD_COST,
  PAYMENTS,
  RECONCILIATION,
  type Report,
  RETURNS,
  SALES,
  STOCK,
  SYNC_HEALTH,
  TABLE_TURN,
  TAXES,
  VOIDS,
} from './reports.js';
import { ask, type Figures, type Question } from './reports.store.js';
import { wantsCsv } from './wants-csv.js';

@Controller()
export class ReportsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(SalesReport.json)
  sales(@Call() call: CallOf<typeof SalesReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(SALES, call, wantsCsv(accept));
  }

  @Endpoint(SalesReport.csv)
  salesCsv(@Call() call: CallOf<typeof SalesReport.csv>) {
    return this.#answer(SALES, call, true);
  }

  @Endpoint(TaxesReport.json)
  taxes(@Call() call: CallOf<typeof TaxesReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(TAXES, call, wantsCsv(accept));
  }

  @Endpoint(TaxesReport.csv)
  taxesCsv(@Call() call: CallOf<typeof TaxesReport.csv>) {
    return this.#answer(TAXES, call, true);
  }

  @Endpoint(DiscountsReport.json)
  discounts(@Call() call: CallOf<typeof DiscountsReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(DISCOUNTS, call, wantsCsv(accept));
  }

  @Endpoint(DiscountsReport.csv)
  discountsCsv(@Call() call: CallOf<typeof DiscountsReport.csv>) {
    return this.#answer(DISCOUNTS, call, true);
  }

  @Endpoint(VoidsReport.json)
  voids(@Call() call: CallOf<typeof VoidsReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(VOIDS, call, wantsCsv(accept));
  }

  @Endpoint(VoidsReport.csv)
  voidsCsv(@Call() call: CallOf<typeof VoidsReport.csv>) {
    return this.#answer(VOIDS, call, true);
  }

  @Endpoint(FoodCostReport.json)
  foodCost(@Call() call: CallOf<typeof FoodCostReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(FOOD_COST, call, wantsCsv(accept));
  }

  @Endpoint(FoodCostReport.csv)
  foodCostCsv(@Call() call: CallOf<typeof FoodCostReport.csv>) {
    return this.#answer(FOOD_COST, call, true);
  }

  @Endpoint(ReturnsReport.json)
  returns(@Call() call: CallOf<typeof ReturnsReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(RETURNS, call, wantsCsv(accept));
  }

  @Endpoint(ReturnsReport.csv)
  returnsCsv(@Call() call: CallOf<typeof ReturnsReport.csv>) {
    return this.#answer(RETURNS, call, true);
  }

  @Endpoint(PaymentsReport.json)
  payments(@Call() call: CallOf<typeof PaymentsReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(PAYMENTS, call, wantsCsv(accept));
  }

  @Endpoint(PaymentsReport.csv)
  paymentsCsv(@Call() call: CallOf<typeof PaymentsReport.csv>) {
    return this.#answer(PAYMENTS, call, true);
  }

  @Endpoint(ReconciliationReport.json)
  reconciliation(@Call() call: CallOf<typeof ReconciliationReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(RECONCILIATION, call, wantsCsv(accept));
  }

  @Endpoint(ReconciliationReport.csv)
  reconciliationCsv(@Call() call: CallOf<typeof ReconciliationReport.csv>) {
    return this.#answer(RECONCILIATION, call, true);
  }

  @Endpoint(StockReport.json)
  stock(@Call() call: CallOf<typeof StockReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(STOCK, call, wantsCsv(accept));
  }

  @Endpoint(StockReport.csv)
  stockCsv(@Call() call: CallOf<typeof StockReport.csv>) {
    return this.#answer(STOCK, call, true);
  }

  @Endpoint(FeedbackReport.json)
  feedback(@Call() call: CallOf<typeof FeedbackReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(FEEDBACK, call, wantsCsv(accept));
  }

  @Endpoint(FeedbackReport.csv)
  feedbackCsv(@Call() call: CallOf<typeof FeedbackReport.csv>) {
    return this.#answer(FEEDBACK, call, true);
  }

  @Endpoint(ChargesReport.json)
  charges(@Call() call: CallOf<typeof ChargesReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(CHARGES, call, wantsCsv(accept));
  }

  @Endpoint(ChargesReport.csv)
  chargesCsv(@Call() call: CallOf<typeof ChargesReport.csv>) {
    return this.#answer(CHARGES, call, true);
  }

  @Endpoint(TableTurnReport.json)
  tableTurn(@Call() call: CallOf<typeof TableTurnReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(TABLE_TURN, call, wantsCsv(accept));
  }

  @Endpoint(TableTurnReport.csv)
  tableTurnCsv(@Call() call: CallOf<typeof TableTurnReport.csv>) {
    return this.#answer(TABLE_TURN, call, true);
  }

  @Endpoint(SyncHealthReport.json)
  syncHealth(@Call() call: CallOf<typeof SyncHealthReport.json>, @Headers('accept') accept?: string) {
    return this.#answer(SYNC_HEALTH, call, wantsCsv(accept));
  }

  @Endpoint(SyncHealthReport.csv)
  syncHealthCsv(@Call() call: CallOf<typeof SyncHealthReport.csv>) {
    return this.#answer(SYNC_HEALTH, call, true);
  }

  async #answer(report: Report, { caller, query }: Asked, csv: boolean): Promise<Answer<unknown>> {
    if (query.locationId !== undefined) requireLocation(caller, query.locationId);
    const within = caller.locations && [...caller.locations];
    const { rows, totals } = await inTransaction(this.db, caller.organizationId, (tx) =>
      ask(tx, report, query, within),
    );
    // A cache between must not give one of them the other's answer.
    const headers = { vary: 'Accept' };
    const { from = null, to = null, groupBy } = query;
    if (csv) {
      const file = { 'content-type': 'text/csv; charset=utf-8; header=present' };
      return new Answer(toCsv(report, groupBy, rows), { headers: { ...headers, ...file } });
    }
    const body = {
      from,
      to,
      groupBy,
      rows: rows.map((row) => ({ group: row.group, ...figuresOf(row, report) })),
      totals: totals.map((row) => figuresOf(row, report)),
    };
    return new Answer(body, { headers });
  }
}

type Asked = Pick<CallOf<typeof SalesReport.json>, 'caller'> & { readonly query: Question };

/** As the contract has them: sums are money, and what is apart by unit says its unit. */
function figuresOf({ apart, counts, sums }: Figures, report: Report): object {
  const money = Object.entries(sums).map(([name, amount]) => [name, { amount, currency: apart }]);
  return { ...(report.apart === 'unit' && { unit: apart }), ...counts, ...Object.fromEntries(money) };
}
