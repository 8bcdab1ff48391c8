import { describe, expect, test } from 'vitest';
import { visitsOf } from './plan.js';
import { STORIES } from './stories.js';
import { sumsOf } from './sums.js';
import type { Step, Visit } from './visit.js';

/** As many as a simulation has unless somebody says otherwise. */
const visits = visitsOf({ seed: 1, visits: 306 });
const steps = visits.flatMap((visit) => visit.steps);
const does = <Do extends Step['do']>(what: Do, of: readonly Step[] = steps) =>
  of.filter((step): step is Extract<Step, { do: Do }> => step.do === what);
const asked = [...does('order').flatMap(({ table }) => table.asked), ...does('add').flatMap(({ asked: more }) => more)];

describe('a season', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(visitsOf({ seed: 1, visits: 306 })).toEqual(visits);
    expect(visitsOf({ seed: 2, visits: 306 })).not.toEqual(visits);
  });

  test('begins like a shorter one', () => {
    expect(visitsOf({ seed: 1, visits: 40 })).toEqual(visits.slice(0, 40));
  });

  test.each(STORIES.map(({ name }) => name))('has at least five visits: %s', (name) => {
    expect(visits.filter(({ story }) => story === name).length).toBeGreaterThanOrEqual(5);
  });

  test.each<[string, (of: Visit) => boolean]>([
    ['once the clocks have gone back', ({ at }) => at.toISOString().startsWith('2025-11-0')],
    ['known guests', ({ guest }) => guest !== null],
    ['ordered by phone', ({ channel }) => channel === 'phone'],
  ])('has at least five visits: %s', (_what, is) => {
    expect(visits.filter(is).length).toBeGreaterThanOrEqual(5);
  });

  test.each<[string, () => readonly unknown[]]>([
    ['combos', () => asked.filter(({ components }) => components.length > 0)],
    ...['no', 'extra', 'half'].map((way): [string, () => readonly unknown[]] => [
      `choices asked for as ${way}`,
      () => asked.flatMap(({ choices }) => choices.filter((choice) => choice.asked === way)),
    ]),
    ['payments in cash', () => does('pay').filter(({ tender }) => tender.method === 'cash')],
    ['cash that was rounded', () => does('pay').filter(({ rounding }) => rounding !== 0)],
    ['payments by wallet', () => does('pay').filter(({ tender }) => tender.method === 'wallet')],
    ['payments by gift card', () => does('pay').filter(({ tender }) => tender.method === 'gift_card')],
    ['payments on the house account', () => does('pay').filter(({ tender }) => tender.method === 'house_account')],
    ['tips', () => does('pay').filter(({ tip }) => tip > 0)],
    ['tips after the authorisation', () => does('capture').filter(({ tip }) => tip > 0)],
    ['tips that went back', () => does('refund').filter(({ tip }) => tip > 0)],
    ['loads that went back', () => does('refund').filter(({ ofLoad }) => ofLoad !== null)],
    ['returns that two payments answered', () => visits.filter((visit) => does('refund', visit.steps).length > 1)],
    ['service charges', () => does('order').filter(({ bill }) => bill.serviceCharge > 0)],
  ])('has at least five of: %s', (_what, found) => {
    expect(found().length).toBeGreaterThanOrEqual(5);
  });

  test('has nothing below zero but what a guest owes the house', () => {
    for (const step of steps) {
      if ('bill' in step)
        expect(
          Math.min(...Object.values(step.bill).filter((value) => typeof value === 'number')),
        ).toBeGreaterThanOrEqual(0);
      if (step.do === 'pay' || step.do === 'refund') expect(step.amount + step.tip).toBeGreaterThan(0);
    }
    const below = Object.entries(sumsOf(visits).accounts).filter(
      ([name, balance]) => balance < 0 && !name.startsWith('house'),
    );
    expect(below).toEqual([]);
  });

  test('is paid to the cent: what was sold is what was collected, less rounding, tips, loads and what went back', () => {
    const { total, methods, forgiven } = sumsOf(visits);
    const kept = Object.values(methods).reduce(
      (sum, { collected, returned, tips, rounding, loaded }) => sum + collected - returned - tips - rounding - loaded,
      0,
    );
    expect(kept).toBe(total - forgiven);
  });
});
