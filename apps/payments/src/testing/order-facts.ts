import { type OrderFacts, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { usd } from './house.js';

/** An order as its events tell it, with one check for each total. */
export function orderFacts(
  checks: readonly { id?: string; total: number; tax?: number; version?: number }[],
  facts: Partial<OrderFacts>,
): OrderFacts {
  return {
    ...OrderPlaced.example,
    id: newId(),
    businessDate: '2026-03-06',
    totals: totals(0),
    ...facts,
    checks: checks.map(({ id = newId(), total, tax, version = 1 }) => ({
      id,
      version,
      lines: [],
      discounts: [],
      charges: [],
      totals: totals(total, tax),
      paid: usd(0),
    })),
  } as OrderFacts;
}

const totals = (total: number, tax = 0) => ({
  gross: usd(total),
  discount: usd(0),
  net: usd(total - tax),
  serviceCharge: usd(0),
  tax: usd(tax),
  total: usd(total),
});
