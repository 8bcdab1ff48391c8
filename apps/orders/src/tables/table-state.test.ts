import type { LineStatus, PaymentStatus, TableStatus } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { pay } from '../orders/change-order.js';
import type { KeptOrder } from '../orders/order.js';
import { split } from '../splits/split.js';
import { placed } from '../testing/kept-order.js';
import { statusOf, tableStates } from './table-state.js';

const { totals } = placed().facts;
const seen = (paymentStatus: PaymentStatus, ...statuses: LineStatus[]) => ({
  paymentStatus,
  totals,
  lines: statuses.map((status) => ({ status })),
});
const free = { ...totals, total: { amount: 0, currency: 'USD' } };

describe('the status of a table is derived from its open orders:', () => {
  test.each<[TableStatus, string, ReturnType<typeof seen>[]]>([
    ['free', 'nobody has ordered', []],
    ['seated', 'everything was taken back', [seen('unpaid', 'voided', 'voided')]],
    ['ordered', 'something is not sent yet', [seen('unpaid', 'placed')]],
    ['ordered', 'dessert was ordered while the main course is eaten', [seen('unpaid', 'ready', 'placed')]],
    ['sent', 'the kitchen cooks', [seen('unpaid', 'fired', 'ready')]],
    ['ready', 'the kitchen has finished', [seen('unpaid', 'ready', 'voided')]],
    ['paying', 'a part is paid, whatever the kitchen does', [seen('partly_paid', 'ready', 'placed')]],
    ['paying', 'one of two parties has paid', [seen('paid', 'ready'), seen('unpaid', 'ready')]],
    ['paid', 'everything is paid, and they still sit there', [seen('paid', 'ready'), seen('paid', 'fired')]],
    [
      'ordered',
      'a second party joins before anything of the first is sent',
      [seen('unpaid', 'fired'), seen('unpaid', 'placed')],
    ],
    ['sent', 'what is on the house is cooked', [{ ...seen('paid', 'fired'), totals: free }]],
  ])('%s, when %s', (status, _, orders) => expect(statusOf(orders)).toBe(status));
});

test('tables of the plan come first, then those that only orders name, each with covers, since and what is due', () => {
  const table = (name: string) => ({
    name,
    seats: 4,
    shape: 'round' as const,
    x: 0,
    y: 0,
    width: 1,
    height: 1,
    rotation: 0,
  });
  const at = (name: string | null, covers: number | null, occurredAt: string) =>
    placed({ table: name, covers, occurredAt }, { now: new Date('2026-03-06T20:00:00Z') });
  const first = at('12', 2, '2026-03-06T18:00:00Z');
  const paid = pay(first, first.facts.checks[0]?.id ?? '', { paymentId: 'p', version: 1, captured: 7_60 })
    ?.order as KeptOrder;
  const divided = split(paid, { by: 'evenly', ways: 2 }).order;
  const orders = [divided, at('bar', null, '2026-03-06T18:30:00Z'), at('12', 3, '2026-03-06T19:00:00Z')];
  const areas = [{ name: 'Hall', tables: [table('11'), table('12')] }];
  expect(tableStates({ areas }, orders)).toMatchObject([
    { name: '11', area: 'Hall', seats: 4, status: 'free', covers: null, since: null, due: null, orders: [] },
    {
      name: '12',
      area: 'Hall',
      status: 'paying',
      covers: 5,
      since: '2026-03-06T18:00:00.000Z',
      due: { amount: 20_00 + 27_60, currency: 'USD' },
      orders: [{ id: divided.facts.id, checkIds: divided.facts.checks.map(({ id }) => id) }, { covers: 3 }],
    },
    { name: 'bar', area: null, seats: null, status: 'ordered', covers: null, due: { amount: 27_60 } },
  ]);
});
