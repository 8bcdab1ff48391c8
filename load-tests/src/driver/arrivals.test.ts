import { describe, expect, test } from 'vitest';
import { arrivals, byChance, evenly, guestsAt, type Pace, poisson } from './arrivals.js';
import { dice } from './dice.js';

describe('guests who come as they like', () => {
  const coming = [...poisson(200, 50, dice(7))];

  test('as many come as were announced, give or take what chance gives', () => {
    expect(coming.length).toBeGreaterThan(9_700);
    expect(coming.length).toBeLessThan(10_300);
  });

  test('one after the other, from the beginning to the end', () => {
    expect(coming).toEqual(coming.toSorted((one, other) => one - other));
    expect(coming.at(-1)).toBeLessThan(50_000);
  });

  test('often two at once, and at times nobody for a while', () => {
    const gaps = coming.slice(1).map((at, index) => at - (coming[index] ?? 0));
    const shorter = gaps.filter((gap) => gap < 5).length / gaps.length;
    expect(shorter).toBeGreaterThan(0.61);
    expect(shorter).toBeLessThan(0.66); // 1 - 1/e of the gaps are shorter than the mean
  });

  test('the same seed brings the same guests', () => {
    expect([...poisson(20, 5, dice(3))]).toEqual([...poisson(20, 5, dice(3))]);
    expect([...poisson(20, 5, dice(4))]).not.toEqual([...poisson(20, 5, dice(3))]);
  });
});

describe('at a pace that changes', () => {
  const inSecond = (second: number, coming: readonly number[]): number =>
    coming.filter((at) => Math.floor(at / 1000) === second).length;

  test.each<[story: string, pace: Pace, inFirst: number, inLast: number]>([
    ['a rate that stays', { seconds: 10, from: 100, to: 100 }, 100, 100],
    ['from nothing to a crowd', { seconds: 10, from: 0, to: 100 }, 5, 95],
    ['a crowd that goes', { seconds: 10, from: 100, to: 0 }, 95, 5],
    ['ten times as many', { seconds: 10, from: 10, to: 100 }, 14, 95],
  ])('%s', (_story, pace, inFirst, inLast) => {
    const even = [...arrivals(pace, evenly)];
    expect(Math.abs(even.length - guestsAt(pace))).toBeLessThanOrEqual(1);
    expect(Math.abs(inSecond(0, even) - inFirst)).toBeLessThanOrEqual(1);
    expect(Math.abs(inSecond(9, even) - inLast)).toBeLessThanOrEqual(1);
    const chance = [...arrivals({ ...pace, from: pace.from * 50, to: pace.to * 50 }, byChance(dice(11)))];
    expect(inSecond(9, chance) / 50 / inLast).toBeGreaterThan(0.8);
    expect(inSecond(9, chance) / 50 / inLast).toBeLessThan(1.2);
  });

  test('nobody comes where nobody is announced', () => {
    expect([...arrivals({ seconds: 10, from: 0, to: 0 }, evenly)]).toEqual([]);
  });
});
