import { afterEach, expect, test, vi } from 'vitest';
import { newId } from './ids.js';

afterEach(() => vi.useRealTimers());

test('an id is a UUID of version 7 that begins with the millisecond it was made in', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 22) });
  const id = newId();
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 22));
});

test('ids come one after the other, however many there are of one millisecond, and even when the clock is set back', () => {
  vi.useFakeTimers({ now: Date.UTC(2027, 0, 1) });
  const made = Array.from({ length: 10_000 }, newId);
  vi.setSystemTime(Date.UTC(2026, 11, 31));
  made.push(newId());
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});
