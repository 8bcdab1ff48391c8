import { expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.js';
import { planOf } from './plan.js';

const killed = (plan: ReturnType<typeof planOf>): number => plan.reduce((sum, { kills }) => sum + kills, 0);

test('everything is played, with a thousand kills in all', () => {
  const plan = planOf({ seed: 1 });
  expect([...new Set(plan.map(({ scenario }) => scenario.id))]).toEqual(SCENARIOS.map(({ id }) => id));
  expect(killed(plan)).toBeGreaterThanOrEqual(1_000);
});

test('a play has at most fifty kills and a seed of its own, so that what fails is seen again by itself', () => {
  const plan = planOf({ only: ['F1'], kills: 120, seed: 7 });
  expect(plan.map(({ seed, kills }) => [seed, kills])).toEqual([
    [7, 50],
    [8, 50],
    [9, 20],
  ]);
});
