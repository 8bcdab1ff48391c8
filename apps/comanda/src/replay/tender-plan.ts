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
