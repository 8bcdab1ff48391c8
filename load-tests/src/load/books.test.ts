import { describe, expect, test } from 'vitest';
import { type Book, compare } from './books.js';
import type { Sale } from './sales.js';

/** Two guests: one ordered and paid 12.75, one ordered for 8.00 and was never told whether the card was charged. */
const SALES = new Map<string, Sale>([
  ['one', { total: 12_75, payment: { id: 'p1', status: 'captured', amount: 12_75 } }],
  ['two', { total: 8_00, payment: null }],
  ['nothing was heard of it', { total: null, payment: null }],
]);
const BOOK: Book = {
  orders: [
    { id: 'one', total: 12_75, paid: 12_75 },
    { id: 'two', total: 8_00, paid: 8_00 },
    { id: 'of somebody else', total: 99_00, paid: 0 },
  ],
  payments: [
    { id: 'p1', orderId: 'one', status: 'captured', amount: 12_75 },
    { id: 'p2', orderId: 'two', status: 'captured', amount: 8_00 },
  ],
};
const violations = (book: Partial<Book>): string[] =>
  compare(SALES, { ...BOOK, ...book }).flatMap(({ violations: found }) => found);

test('what was told is what is there', () => {
  expect(compare(SALES, BOOK)).toMatchObject([
    { id: 'told', examined: 2, holds: true, violations: [] },
    { id: 'paid', examined: 1, holds: true, violations: [] },
  ]);
});

describe('a fast wrong answer is found', () => {
  const [one, two] = [BOOK.orders[0]!, BOOK.orders[1]!];
  const [p1, p2] = [BOOK.payments[0]!, BOOK.payments[1]!];
  test.each<[story: string, book: Partial<Book>, sentence: string]>([
    ['an order that was lost', { orders: [one] }, 'Order two was accepted and is not there.'],
    ['an order that is there twice', { orders: [one, two, two] }, 'Order two is there 2 times.'],
    [
      'another total',
      { orders: [one, { ...two, total: 9_00 }] },
      'Order two was accepted for 800 and is there for 900.',
    ],
    ['a payment that was lost', { payments: [p2] }, 'Payment p1 of 1275 was taken and is not there.'],
    [
      'a card that was charged twice',
      { payments: [p1, p2, { ...p2, id: 'p3' }] },
      'Order two comes to 800, and 1600 was collected.',
    ],
    [
      'an order that does not know it was paid',
      { orders: [{ ...one, paid: 0 }, two] },
      'Of order one, 1275 was collected, and it says 0.',
    ],
  ])('%s', (_story, book, sentence) => expect(violations(book)).toEqual([sentence]));
});

test('what nobody was told may be there or not', () => {
  const orders = [...BOOK.orders, { id: 'nothing was heard of it', total: 5_00, paid: 0 }];
  expect(violations({ orders })).toEqual([]);
});
