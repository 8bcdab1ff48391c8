import { describe, expect, test } from 'vitest';
import { columnAt, listed } from './columns.js';

describe('a column', () => {
  test.each<[name: string, header: string[], place: number | 'several']>([
    ['price', ['id', 'price'], 1],
    ['Price ', ['id', 'price'], 1],
    ['price', ['Price', 'price'], 1],
    ['price', ['Price', 'PRICE'], 'several'],
    ['price', ['price', 'price'], 'several'],
    ['price', ['prices'], -1],
  ])('%j is found in %j at %s', (name, header, place) => {
    expect(columnAt(header, name)).toBe(place);
  });
});

test('columns are listed, as many as one can take in', () => {
  expect(listed(['id', 'price'])).toBe('id, price');
  const many = listed(Array.from({ length: 1_000 }, (_, at) => `${at}`.repeat(1_000)));
  expect(many).toMatch(/^0{40}…, 1{40}…, .*29{0,1}.* …$/);
  expect(many.length).toBeLessThan(1_400);
});
