import { roundToStep, share } from '@comanda/money';
import { newId } from '@comanda/platform';
import { newAttempt } from '../attempts/attempt.js';
import type { AttemptRow } from '../attempts/attempt.entity.js';
import { dueOn } from '../bills/bill.js';
import type { BillRow } from '../bills/bill.entity.js';
import type { PaymentRow } from '../payments/payment.entity.js';

/** A card that holds money for a tab, and what its provider has been asked for since. */
export interface TabCard {
  readonly payment: PaymentRow;
  /** By what more is held: what it held first. */
  readonly hold: number;
  /** `busy`: the provider has still to answer something. `refused`: it will not hold more. */
  readonly state: 'free' | 'busy' | 'refused';
}

/** Under this route stand the attempts at holding more; nobody waits for them. */
export const GROWING = 'growTab';

/**
 * What to ask of a tab's cards now that it comes to more than they hold: the newest that has not refused is to hold more, in
 * whole multiples of what it held first, so that no bank is asked at each beer. One is asked at a time.
 * @param cards the newest first
 * @param rate how far a tab may grow beyond what is held, in parts per million
 */
export function growing(bill: BillRow, cards: readonly TabCard[], rate: number): AttemptRow | null {
  const tab = { due: dueOn(bill), held: cards.reduce((held, { payment }) => held + payment.authorized, 0) };
  const asked = cards.find(({ state }) => state === 'free');
  if (!asked || cards.some(({ state }) => state === 'busy') || !isOutgrown(tab, rate)) return null;
  const { payment, hold } = asked;
  const more = { amount: roundToStep(tab.due - tab.held, hold, 'up'), tip: 0 };
  const when = { occurredAt: new Date(), businessDate: payment.businessDate };
  const attempt = newAttempt({ endpoint: { id: GROWING }, idempotency: { key: newId() } }, 'increment', payment, {
    ...more,
    ...when,
  });
  return { ...attempt, nextLookAt: new Date() };
}

/** Whether a tab has grown beyond what is held for it by more than it may. */
export const isOutgrown = ({ due, held }: { due: number; held: number }, rate: number): boolean =>
  due > held + share(held, rate, 'down');
