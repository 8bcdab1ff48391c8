import { roundToStep } from '@comanda/money';
import type { RoundingMode } from '@comanda/money';

/**
 * What is added to an amount due when it is paid in cash that comes in steps: −2 for 15.72 in steps of 0.05, as 15.70 is
 * paid. It is a line of its own and changes neither prices nor taxes. A refund returns what was paid and is not rounded again.
 */
export function cashRounding(due: number, step: number, mode: RoundingMode): number {
  return roundToStep(due, step, mode) - due;
}

/** The smallest cash of a currency or location, in minor units, and how amounts are brought to it. */
export type CashPolicy = { readonly step: number; readonly mode: RoundingMode };

/** What one tender has to bring in: `collect = due + cashRounding + tip`. */
export type Collection = {
  readonly due: number;
  readonly cashRounding: number;
  readonly tip: number;
  readonly collect: number;
};

/**
 * What to collect for an amount due and a tip. Cash is rounded, a card (`cash` null) is not. A tip is a leg of its own: it
 * is never taxed, never rounded and never part of the total.
 */
export function collectionOf(due: number, tip: number, cash: CashPolicy | null): Collection {
  const rounding = cash ? cashRounding(due, cash.step, cash.mode) : 0;
  return { due, cashRounding: rounding, tip, collect: due + rounding + tip };
}
