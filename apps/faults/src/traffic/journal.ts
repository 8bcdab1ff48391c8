/** An order that a guest wants, and what was acknowledged of it. */
export interface Sale {
  /** The number that the client gave it; the order carries it, and nobody checks that it does so once. */
  readonly mark: string;
  order?: { readonly id: string; readonly total: number };
  /** Each payment that was acknowledged, by id, as it was when it was. */
  readonly payments: Map<string, Paid>;
  refund?: { readonly id: string; readonly paymentId: string; readonly status: string; readonly amount: number };
}

export interface Paid {
  readonly status: string;
  readonly amount: number;
}

/** What clients were told, written down by them as they were told it. */
export class Journal {
  readonly sales: Sale[] = [];
  /** Answers that a client must never see. */
  readonly defects: string[] = [];

  begin(mark: string): Sale {
    const sale: Sale = { mark, payments: new Map() };
    this.sales.push(sale);
    return sale;
  }

  /** How many operations were acknowledged: orders, payments, refunds. */
  get operations(): number {
    return this.sales.reduce(
      (sum, { order, payments, refund }) => sum + (order ? 1 : 0) + payments.size + (refund ? 1 : 0),
      0,
    );
  }
}
