import { expect, test } from 'vitest';
import { derivedId, dice } from './derived-id.js';

test('the same parts have the same id, on every machine and in every version of ours', () => {
  expect(derivedId('order', 'downtown', '17')).toBe('d9a06381-a2bf-8b96-af5c-9287c2dbfe28');
});

test('an id is a UUID of version 8', () => {
  for (let part = 0; part < 500; part++)
    expect(derivedId('order', String(part))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
});

test('parts that read the same when joined have different ids', () => {
  const ids = [derivedId('a', 'b'), derivedId('ab'), derivedId('a', '', 'b'), derivedId('a","b'), derivedId('b', 'a')];
  expect(new Set(ids).size).toBe(ids.length);
});

test('dice of one seed fall the same, of another otherwise', () => {
  const throws = (seed: string) => Array.from({ length: 100 }, dice(seed));
  expect(throws('17')).toEqual(throws('17'));
  expect(throws('17')).not.toEqual(throws('18'));
});

test('dice fall between 0 and 1 and favour nobody', () => {
  const throws = Array.from({ length: 20_000 }, dice('fair'));
  expect(throws.every((number) => number >= 0 && number < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth++) {
    const hits = throws.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(hits).toBeGreaterThan(1_800);
    expect(hits).toBeLessThan(2_200);
  }
});
