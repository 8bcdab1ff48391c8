import { LineStatus, OrderStatus } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import { describe, expect, test } from 'vitest';
import { THE_CHAIN } from '../approvals/approvals.js';
import { fire } from '../kitchen/fire.js';
import { inState, onSale, placed } from '../testing/kept-order.js';
import { line, ON_THE_MENU } from '../testing/menu.js';
import { split } from '../splits/split.js';
import { addLines, amend, cancel, complete, pay, ready, voidLine } from './change-order.js';
import { merge, unmerge } from '../parties/party.js';
import { move } from '../tables/move.js';
import type { Change, KeptOrder } from './order.js';
import { type Intent, LINE_TRANSITIONS, ORDER_TRANSITIONS } from './transitions.js';

const sale = onSale();
const menus = new Map([[sale.menu.hash, sale.menu]]);
const when = { occurredAt: new Date('2026-03-06T19:30:00Z'), businessDate: '2026-03-06' };
const reason = { reason: 'Guest left', by: 'waiter', when, authority: THE_CHAIN };
const lines = [line(ON_THE_MENU.beerPint)];

const DECISIONS: Record<Intent, (order: KeptOrder) => Change | undefined> = {
  amend: (order) => amend(order, { table: '7' }, menus),
  addLines: (order) => addLines(order, { lines }, { onSale: sale, menus, when, now: new Date() }),
  voidLine: (order) => voidLine(order, firstLine(order).id, reason, menus),
  fire: (order) => fire(order),
  ready,
  complete,
  cancel: (order) => cancel(order, reason, menus),
  pay: (order) => pay(order, order.facts.checks[0]?.id ?? '', { paymentId: 'p', version: 1, captured: 100 }),
  split: (order) => split(order, { by: 'evenly', ways: 2 }),
  move: (order) => move(order, { from: '12', to: '7', by: 'waiter', at: '2026-03-06T19:30:00Z' }),
  merge: (order) => merge([order, placed()])(order),
  unmerge: (order) => unmerge({ ...order, facts: { ...order.facts, party: [order.facts.id, 'another'] } }),
};
const INTENTS = Object.keys(DECISIONS) as Intent[];
const everyPair = OrderStatus.options.flatMap((status) => INTENTS.map((intent) => [status, intent] as const));
const firstLine = (order: KeptOrder) => {
  const [first] = order.facts.checks[0]?.lines ?? [];
  if (!first) throw new Error('The order has no line.');
  return first;
};

/** What the lines of an order in a state would be in, had nothing unusual happened. */
const USUAL: Record<OrderStatus, LineStatus> = {
  placed: 'placed',
  fired: 'fired',
  ready: 'ready',
  completed: 'completed',
  cancelled: 'voided',
};

describe('every intent in every state of an order', () => {
  test.each(everyPair)('%s: %s', (status, intent) => {
    const order = inState(placed(), status, USUAL[status]);
    const after = ORDER_TRANSITIONS[status][intent];
    if (after === null) {
      expect(() => DECISIONS[intent](order)).toThrow(
        expect.objectContaining({ code: 'order_state', status: 409, facts: { status } }),
      );
      return;
    }
    const change = DECISIONS[intent](order);
    // Fire and ready once more change nothing, and so does firing what has nothing left to send.
    const repeated = (intent === 'fire' && status !== 'placed') || (intent === 'ready' && status === 'ready');
    expect(change === undefined).toBe(repeated);
    expect(change?.order.facts.status ?? order.facts.status).toBe(repeated ? status : after);
    if (change) expect(change.order.facts.version).toBe(order.facts.version + 1);
  });
});

describe('every intent in every state of a line', () => {
  const open: OrderStatus[] = ['placed', 'fired', 'ready'];
  const pairs = open.flatMap((status) =>
    LineStatus.options.flatMap((lineStatus) => INTENTS.map((intent) => [status, lineStatus, intent] as const)),
  );

  test.each(pairs)('in an order that is %s a line that is %s: %s', (status, lineStatus, intent) => {
    if (ORDER_TRANSITIONS[status][intent] === null) return;
    const order = inState(placed(), status, lineStatus);
    const after = LINE_TRANSITIONS[lineStatus][intent];
    if (after === null) {
      expect(() => DECISIONS[intent](order)).toThrow(Refusal);
      expect(() => DECISIONS[intent](order)).toThrow(expect.objectContaining({ code: 'line_state', status: 409 }));
      return;
    }
    const change = DECISIONS[intent](order);
    expect(firstLine(change?.order ?? order).status).toBe(after);
  });
});

describe('the kitchen', () => {
  test('gets only what was added since, when an order is fired again', () => {
    const fired = fire(placed())?.order ?? placed();
    const added = DECISIONS.addLines(fired)?.order ?? fired;
    expect(added.facts.checks[0]?.lines.map(({ status }) => status)).toEqual(['fired', 'fired', 'placed']);
    const again = fire(added)?.order;
    expect(again?.facts.checks[0]?.lines.map(({ status }) => status)).toEqual(['fired', 'fired', 'fired']);
  });

  test('has not finished what it was never sent', () => {
    const fired = fire(placed())?.order ?? placed();
    const added = DECISIONS.addLines(fired)?.order ?? fired;
    const done = ready(added)?.order;
    expect(done?.facts.status).toBe('ready');
    expect(done?.facts.checks[0]?.lines.map(({ status }) => status)).toEqual(['ready', 'ready', 'placed']);
  });

  test('is sent nothing of an order whose lines were all voided', () => {
    const order = inState(placed(), 'placed', 'voided');
    expect(fire(order)).toBeUndefined();
  });
});
