import { inTransaction } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { DataSource } from 'typeorm';
import { keepMoney, type MoneyNews } from '../money/money.store.js';
import { keepSales, type SalesNews } from '../sales/sales.store.js';

/** A report as its caller gets it. */
export interface Answered {
  readonly rows: readonly (Readonly<Record<string, Figure>> & {
    readonly group: Readonly<Record<string, { key: string | null; name: string | null }>>;
  })[];
  readonly totals: readonly Readonly<Record<string, Figure>>[];
}
type Figure = number | { readonly amount: number; readonly currency: string };

export const amountOf = (figure: unknown): number =>
  typeof figure === 'number' ? figure : ((figure as { amount?: number } | undefined)?.amount ?? 0);

/** Asks for a report, and says so when it is refused. */
export async function reportOf(it: TestService, question: string, key?: string): Promise<Answered> {
  const { body, status } = await it.call('get', `/v1/reports/${question}`, key ? { key } : {});
  if (status !== 200) throw new Error(`${question}: ${status} ${JSON.stringify(body)}`);
  return body as Answered;
}

/** The figures of one report in one number each, over all its rows. */
export function sumOf({ rows }: Answered, figure: string): number {
  return rows.reduce((sum, row) => sum + amountOf(row[figure]), 0);
}

/** Has the service keep what it hears, in slices as they would arrive. */
export async function hear(
  it: TestService,
  { sales = [], money = [] }: { sales?: readonly SalesNews[]; money?: readonly MoneyNews[] },
  slice = 5,
): Promise<void> {
  const db = it.service.app.get(DataSource);
  for (let at = 0; at < sales.length; at += slice)
    await inTransaction(db, it.id, (tx) => keepSales(tx, it.id, sales.slice(at, at + slice)));
  for (let at = 0; at < money.length; at += slice)
    await inTransaction(db, it.id, (tx) => keepMoney(tx, it.id, money.slice(at, at + slice)));
}

/** The reports know nothing any more. */
export async function forget(it: TestService): Promise<void> {
  await it.sql.query('truncate sold_orders, sale_parts, ledger_entries, tenders, stock_movements, feedback_scores');
}
