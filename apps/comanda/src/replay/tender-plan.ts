import type { Location } from '@comanda/client';
import type { Money } from '@comanda/money';
import type { dice } from './derived-id.js';

/** How an order of a history is paid. Amounts follow from the bill. */
export interface TenderPlan {
  /** The part of the bill that is paid in cash, of 2: none, half or all; the rest by card. */
  readonly cashHalves: 0 | 1 | 2;
  /** Tip on the card, in parts per hundred of its part. */
  readonly tipPercent: number;
  /** How much of the last tender goes back, of 2. */
  readonly refundHalves: 0 | 1 | 2;
  /** Which of the loyalty customers it is; null for a guest nobody knows. */
  readonly customer: number | null;
}

export const CUSTOMERS = 200;

/** Decides how an order is paid: about half by card, four in ten in cash, one in ten both; some with tips; a few go back. */
export function tenderPlan(roll: ReturnType<typeof dice>): TenderPlan {
  const way = roll();
  const cashHalves = way < 0.5 ? 0 : way < 0.9 ? 2 : 1;
  const tipped = roll() < 0.4;
  const tip = 10 + Math.floor(roll() * 11);
  const back = roll();
  const known = roll() < 0.25;
  return {
    cashHalves,
    tipPercent: tipped && cashHalves < 2 ? tip : 0,
    refundHalves: back < 0.01 ? 2 : back < 0.02 ? 1 : 0,
    customer: known ? Math.floor(roll() * CUSTOMERS) : null,
  };
}

/** A tender as payments takes it, but for its id, its bill and its time. */
export type Tender =
  | { readonly method: 'cash'; readonly amount?: Money; readonly tendered?: Money }
  | { readonly method: 'card'; readonly source: string; readonly tip: Money };

/**
 * What is tendered for a bill that is paid as planned: cash first, the rest by card.
 * @param coins how the location rounds cash: what is less than its smallest coin is paid by card
 */
export function tendersFor(
  { cashHalves, tipPercent }: TenderPlan,
  { amount: due, currency }: Money,
  coins: Location['cashRounding'],
): Tender[] {
  const smallest = coins?.step ?? 1;
  const half = Math.floor((due * cashHalves) / 2);
  const inCash = half === due || half >= smallest ? half : 0;
  const byCard = due - inCash;
  const tenders: Tender[] = [];
  if (inCash > 0)
    tenders.push({
      method: 'cash',
      ...(byCard > 0
        ? { amount: { amount: inCash, currency } }
        : { tendered: { amount: nextNote(due, smallest), currency } }),
    });
  if (byCard > 0)
    tenders.push({
      method: 'card',
      source: 'tok_visa',
      tip: { amount: Math.floor((byCard * tipPercent) / 100), currency },
    });
  return tenders;
}

/** What a guest puts on the table: the amount, rounded up to the next ten; where there are no such notes, to the next coin. */
const nextNote = (due: number, smallest: number): number => {
  const note = 1_000 % smallest === 0 ? 1_000 : smallest;
  return Math.ceil((due + 10) / note) * note;
};
