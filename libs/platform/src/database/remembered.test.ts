import { expect, test, vi } from 'vitest';
import { Remembered } from './remembered.js';
import type { Tx } from './transaction.js';

const [ours, others] = [{} as Tx, {} as Tx];

/** A shelf from which everything but truffles can be read, and what was asked for at once. */
function shelf(milliseconds = 60_000) {
  const reads: string[][] = [];
  const stock = new Map([
    ['olives', 3],
    ['basil', 5],
  ]);
  const remembered = new Remembered<number>((_tx, keys) => {
    reads.push([...keys]);
    return Promise.resolve(new Map([...stock].filter(([key]) => keys.includes(key))));
  }, milliseconds);
  return { remembered, reads, stock };
}

test('what many ask for in one turn is read at once, each key once', async () => {
  const { remembered, reads } = shelf();
  const asked = ['olives', 'basil', 'olives', 'truffles'].map((key) => remembered.get(ours, key));
  expect(await Promise.all(asked)).toEqual([3, 5, 3, undefined]);
  expect(reads).toEqual([['olives', 'basil', 'truffles']]);
});

test('what another transaction asks for, it reads itself', async () => {
  const { remembered, reads } = shelf();
  await Promise.all([remembered.get(ours, 'olives'), remembered.get(others, 'basil')]);
  expect(reads).toEqual([['olives'], ['basil']]);
});

test('it is not read again before its time is up, unless it is to be forgotten or was not there', async () => {
  const { remembered, reads, stock } = shelf();
  const all = () => Promise.all(['olives', 'basil', 'truffles'].map((key) => remembered.get(ours, key)));
  await all();
  stock.set('olives', 2).set('basil', 4);
  remembered.forget('olives');
  expect(await all()).toEqual([2, 5, undefined]);
  expect(reads[1]).toEqual(['olives', 'truffles']);
});

test('when its time is up, what is stored counts', async () => {
  const { remembered, stock } = shelf(1_000);
  await remembered.get(ours, 'olives');
  stock.set('olives', 0);
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 1_001);
  const later = await remembered.get(ours, 'olives');
  clock.mockRestore();
  expect(later).toBe(0);
});

test('a failure is told to all who asked, and remembered by nobody', async () => {
  let away = true;
  const remembered = new Remembered<number>(
    (_tx, keys) =>
      away ? Promise.reject(new Error('the database is away')) : Promise.resolve(new Map(keys.map((key) => [key, 1]))),
    60_000,
  );
  const told = await Promise.allSettled(['olives', 'basil'].map((key) => remembered.get(ours, key)));
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  expect(await remembered.get(ours, 'olives')).toBe(1);
});
