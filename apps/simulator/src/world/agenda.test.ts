import { expect, test } from 'vitest';
import { Agenda } from './agenda.js';
import { Random } from './random.js';

test('what is put down happens in the order of its time, and of one moment in the order in which it was put down', async () => {
  const agenda = new Agenda(0);
  const chance = new Random('kitchen');
  const delays = Array.from({ length: 500 }, () => chance.between(0, 50));
  const happened: { delay: number; at: number }[] = [];
  for (const [at, delay] of delays.entries()) agenda.after(delay, () => happened.push({ delay, at }));
  await agenda.pass(() => false, 100);
  expect(happened).toEqual(
    delays.map((delay, at) => ({ delay, at })).toSorted((one, other) => one.delay - other.delay || one.at - other.at),
  );
  expect(agenda.now).toBe(100);
});

test('what is taken off the agenda does not happen, and time stops where it was asked to', async () => {
  const agenda = new Agenda(0);
  const happened: string[] = [];
  agenda.after(10, () => happened.push('soup')).cancel();
  agenda.after(20, () => happened.push('main course'));
  agenda.after(30, () => happened.push('bill'));
  expect(await agenda.pass(() => happened.includes('main course'), 100)).toBe(true);
  expect({ happened, now: agenda.now }).toEqual({ happened: ['main course'], now: 20 });
});

test('what follows at once from one thing comes before the next', async () => {
  const agenda = new Agenda(0);
  const happened: string[] = [];
  agenda.after(
    1,
    () => void Promise.resolve().then(() => Promise.resolve().then(() => happened.push('first, in the end'))),
  );
  agenda.after(1, () => happened.push('second'));
  await agenda.pass(() => false, 10);
  expect(happened).toEqual(['first, in the end', 'second']);
});

test('chance is the same for the same seed, and another for another', () => {
  const draw = (seed: string) => {
    const chance = new Random(seed);
    return Array.from({ length: 20 }, () => chance.between(1, 1_000));
  };
  expect(draw('1')).toEqual(draw('1'));
  expect(draw('1')).not.toEqual(draw('2'));
});
