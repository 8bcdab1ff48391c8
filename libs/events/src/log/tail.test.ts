import { describe, expect, test } from 'vitest';
import type { StoredRecord } from './event-log.js';
import { Tail } from './tail.js';

const TOPICS = new Set(['orders', 'payments']);
const record = (topic: string, partition: number, offset: number, size = 1): StoredRecord => ({
  topic,
  partition,
  offset,
  key: 'a check',
  value: Buffer.alloc(size),
  headers: {},
});
const records = (partition: number, from: number, to: number): StoredRecord[] =>
  Array.from({ length: to - from + 1 }, (_, n) => record('orders', partition, from + n));
const offsets = (slice: readonly StoredRecord[] | undefined) => slice?.map(({ offset }) => offset);
const at = (cursors: Record<string, number>) => new Map(Object.entries(cursors));

describe('the end of a log that is kept in memory', () => {
  test('gives what comes next, and the same records to everybody', () => {
    const tail = new Tail();
    tail.add(records(0, 0, 4));
    const slice = tail.next(TOPICS, at({ 'orders/0': 2 }), 100);
    expect(offsets(slice)).toEqual([2, 3, 4]);
    expect(tail.next(TOPICS, at({ 'orders/0': 4 }), 100)?.[0]).toBe(slice?.[2]);
    expect(tail.next(TOPICS, at({ 'orders/0': 5 }), 100)).toEqual([]);
  });

  test('gives of several partitions their share, oldest first, and nothing of other topics', () => {
    const tail = new Tail();
    tail.add([...records(0, 0, 29), record('payments', 3, 0), record('stock', 0, 0), ...records(1, 0, 29)]);
    const slice = tail.next(TOPICS, at({}), 40) ?? [];
    expect(slice.map(({ topic, partition, offset }) => `${topic}/${partition} ${offset}`)).toEqual([
      ...Array.from({ length: 13 }, (_, n) => `orders/0 ${n}`),
      'payments/3 0',
      ...Array.from({ length: 13 }, (_, n) => `orders/1 ${n}`),
    ]);
    expect(tail.next(TOPICS, at({}), 12)).toHaveLength(12);
  });

  test('does not know what was there before, nor what another process appended in between', () => {
    const tail = new Tail();
    tail.add(records(0, 5, 6));
    expect(tail.next(TOPICS, at({ 'orders/0': 4 }), 100)).toBeUndefined();
    tail.add(records(0, 9, 9));
    expect(tail.next(TOPICS, at({ 'orders/0': 6 }), 100)).toBeUndefined();
    expect(offsets(tail.next(TOPICS, at({ 'orders/0': 9 }), 100))).toEqual([9]);
  });

  test('learns that there is more than is here, and says of what', () => {
    const tail = new Tail();
    tail.add(records(0, 0, 4));
    const end = (topic: string, partition: number, end: number) => ({ topic, partition, end });
    expect(tail.learn([end('orders', 0, 5), end('orders', 1, 0)])).toEqual(new Set());
    expect(offsets(tail.next(TOPICS, at({ 'orders/0': 3 }), 100))).toEqual([3, 4]);
    expect(tail.learn([end('orders', 0, 6), end('payments', 3, 1)])).toEqual(new Set(['orders', 'payments']));
    expect(tail.next(TOPICS, at({ 'orders/0': 5, 'payments/3': 1 }), 100)).toBeUndefined();
    expect(tail.next(TOPICS, at({ 'orders/0': 6 }), 100)).toBeUndefined();
    expect(tail.next(TOPICS, at({ 'orders/0': 6, 'payments/3': 1 }), 100)).toEqual([]);
    tail.add(records(0, 6, 6));
    expect(offsets(tail.next(TOPICS, at({ 'orders/0': 6, 'payments/3': 1 }), 100))).toEqual([6]);
  });

  test('takes no harm from an append that is told of after a later one', () => {
    const tail = new Tail();
    tail.add(records(0, 5, 6));
    tail.add(records(0, 2, 4));
    expect(offsets(tail.next(TOPICS, at({ 'orders/0': 5 }), 100))).toEqual([5, 6]);
    expect(tail.holds(records(0, 5, 6))).toBe(true);
    expect(tail.holds(records(0, 4, 5))).toBe(false);
  });

  test('forgets the oldest, by number and by size', () => {
    const many = new Tail();
    many.add(records(0, 0, 4_999));
    expect(many.next(TOPICS, at({ 'orders/0': 903 }), 100)).toBeUndefined();
    expect(offsets(many.next(TOPICS, at({ 'orders/0': 904 }), 2))).toEqual([904, 905]);
    const large = new Tail();
    for (let offset = 0; offset < 20; offset++) large.add([record('orders', 0, offset, 1024 * 1024)]);
    expect(large.holds([record('orders', 0, 3)])).toBe(false);
    expect(large.holds([record('orders', 0, 4)])).toBe(true);
  });
});
