import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { measureAsked } from './asked.js';

/** How many waiters there are, and how many of them carry a tray, as somebody has to be asked for. */
function floor(ask: () => Promise<{ waiters: number; trays: number }>) {
  const registry = new Registry();
  measureAsked(registry, ask, [
    { name: 'waiters', help: 'Waiters.', read: ({ waiters }) => waiters },
    { name: 'trays', help: 'Trays.', read: ({ trays }) => trays },
  ]);
  return async () => (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));
}

test('one question answers all gauges, and all scrapes that come meanwhile', async () => {
  let asked = 0;
  const scrape = floor(async () => ({ waiters: 4, trays: (asked += 1) }));
  expect(await Promise.all([scrape(), scrape(), scrape()])).toEqual(
    Array.from({ length: 3 }, () => ['waiters 4', 'trays 1']),
  );
  expect(await scrape()).toEqual(['waiters 4', 'trays 2']);
});

test('while nobody answers gauges stay as they were, and the scrape comes all the same', async () => {
  let answer = () => Promise.resolve({ waiters: 4, trays: 2 });
  const scrape = floor(() => answer());
  await scrape();
  answer = () => Promise.reject(new Error('the database is away'));
  expect(await scrape()).toEqual(['waiters 4', 'trays 2']);
  answer = () => new Promise(() => undefined);
  expect(await scrape()).toEqual(['waiters 4', 'trays 2']);
});
