import type { LineStatus, OrderStatus } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';

/** What can be asked of an order once it is placed. `pay` comes from payments, and is never refused: money is a fact. */
export type Intent =
  | 'amend'
  | 'addLines'
  | 'voidLine'
  | 'fire'
  | 'ready'
  | 'complete'
  | 'cancel'
  | 'pay'
  | 'split'
  | 'move'
  | 'merge'
  | 'unmerge';

const REFUSED = null;

/** Where each intent takes an order. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, Readonly<Record<Intent, OrderStatus | typeof REFUSED>>>> =
  {
    placed: {
      amend: 'placed',
      addLines: 'placed',
      voidLine: 'placed',
      fire: 'fired',
      ready: REFUSED,
      complete: 'completed',
      cancel: 'cancelled',
      pay: 'placed',
      split: 'placed',
      move: 'placed',
      merge: 'placed',
      unmerge: 'placed',
    },
    fired: {
      amend: 'fired',
      addLines: 'fired',
      voidLine: 'fired',
      fire: 'fired',
      ready: 'ready',
      complete: 'completed',
      cancel: 'cancelled',
      pay: 'fired',
      split: 'fired',
      move: 'fired',
      merge: 'fired',
      unmerge: 'fired',
    },
    ready: {
      amend: 'ready',
      addLines: 'ready',
      voidLine: 'ready',
      fire: 'fired',
      ready: 'ready',
      complete: 'completed',
      cancel: 'cancelled',
      pay: 'ready',
      split: 'ready',
      move: 'ready',
      merge: 'ready',
      unmerge: 'ready',
    },
    completed: {
      amend: REFUSED,
      addLines: REFUSED,
      voidLine: REFUSED,
      fire: REFUSED,
      ready: REFUSED,
      complete: REFUSED,
      cancel: REFUSED,
      pay: 'completed',
      split: 'completed',
      move: REFUSED,
      merge: REFUSED,
      unmerge: 'completed',
    },
    cancelled: {
      amend: REFUSED,
      addLines: REFUSED,
      voidLine: REFUSED,
      fire: REFUSED,
      ready: REFUSED,
      complete: REFUSED,
      cancel: REFUSED,
      pay: 'cancelled',
      split: REFUSED,
      move: REFUSED,
      merge: REFUSED,
      unmerge: 'cancelled',
    },
  };

/**
 * Where each intent takes a line of an order that allows it. `voidLine` is of the line it names; every other one goes
 * over all lines. A line that has not been fired is not made ready: the kitchen does not know it.
 */
export const LINE_TRANSITIONS: Readonly<Record<LineStatus, Readonly<Record<Intent, LineStatus | typeof REFUSED>>>> = {
  placed: {
    amend: 'placed',
    addLines: 'placed',
    voidLine: 'voided',
    fire: 'fired',
    ready: 'placed',
    complete: 'completed',
    cancel: 'voided',
    pay: 'placed',
    split: 'placed',
    move: 'placed',
    merge: 'placed',
    unmerge: 'placed',
  },
  fired: {
    amend: 'fired',
    addLines: 'fired',
    voidLine: 'voided',
    fire: 'fired',
    ready: 'ready',
    complete: 'completed',
    cancel: 'voided',
    pay: 'fired',
    split: 'fired',
    move: 'fired',
    merge: 'fired',
    unmerge: 'fired',
  },
  ready: {
    amend: 'ready',
    addLines: 'ready',
    voidLine: 'voided',
    fire: 'ready',
    ready: 'ready',
    complete: 'completed',
    cancel: 'voided',
    pay: 'ready',
    split: 'ready',
    move: 'ready',
    merge: 'ready',
    unmerge: 'ready',
  },
  completed: {
    amend: 'completed',
    addLines: 'completed',
    voidLine: REFUSED,
    fire: 'completed',
    ready: 'completed',
    complete: 'completed',
    cancel: REFUSED,
    pay: 'completed',
    split: 'completed',
    move: 'completed',
    merge: 'completed',
    unmerge: 'completed',
  },
  voided: {
    amend: 'voided',
    addLines: 'voided',
    voidLine: REFUSED,
    fire: 'voided',
    ready: 'voided',
    complete: 'voided',
    cancel: 'voided',
    pay: 'voided',
    split: 'voided',
    move: 'voided',
    merge: 'voided',
    unmerge: 'voided',
  },
};

/** Whether the kitchen knows of a line: what it has been sent stays consumed, even when voided. */
export const SENT: Readonly<Record<Exclude<LineStatus, 'voided'>, boolean>> = {
  placed: false,
  fired: true,
  ready: true,
  completed: true,
};

/**
 * The status of an order after an intent.
 * @throws Refusal `order_state`, with the status it is in
 */
export function orderAfter(status: OrderStatus, intent: Intent): OrderStatus {
  const after = ORDER_TRANSITIONS[status][intent];
  if (after === REFUSED)
    throw new Refusal('order_state', `The order is ${status}: it cannot ${SAID[intent]}.`, { status });
  return after;
}

/**
 * The status of a line after an intent.
 * @throws Refusal `line_state`, with the status it is in
 */
export function lineAfter(status: LineStatus, intent: Intent): LineStatus {
  const after = LINE_TRANSITIONS[status][intent];
  if (after === REFUSED)
    throw new Refusal('line_state', `The line is ${status}: it cannot ${SAID[intent]}.`, { status });
  return after;
}

const SAID: Readonly<Record<Intent, string>> = {
  amend: 'be changed',
  addLines: 'take more lines',
  voidLine: 'be voided',
  fire: 'be sent to the kitchen',
  ready: 'be made ready',
  complete: 'be completed',
  cancel: 'be cancelled',
  pay: 'be paid',
  split: 'be divided over checks',
  move: 'move to another table',
  merge: 'pay together with others',
  unmerge: 'be separated',
};
