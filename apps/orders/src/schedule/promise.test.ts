import { LocationPolicies } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fire } from '../kitchen/fire.js';
import { LOCATION, newOrder, onSale, placed, WAITER } from '../testing/kept-order.js';
import { placeOrder } from '../orders/place-order.js';
import { promise, repromise, slotAt } from './promise.js';

const { scheduling } = LocationPolicies.parse({});
const NOW = new Date('2026-03-06T19:30:00Z');
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'allowed';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

describe('a scheduled order', () => {
  test('is of the business day it is promised for, and fires as long before as the location takes', () => {
    // Chicago, where the day is cut at four: 01:30 is still the evening before.
    expect(promise('2026-03-08T01:30:00-06:00', LOCATION, scheduling, NOW)).toMatchObject({
      scheduled: { promisedAt: '2026-03-08T07:30:00.000Z', fireAt: '2026-03-08T07:15:00.000Z' },
      businessDate: '2026-03-07',
    });
  });

  test.each([
    ['2026-03-06T19:29:59Z', 'time_not_allowed'],
    ['2026-03-06T19:30:00Z', 'allowed'],
    ['2027-03-07T19:30:00Z', 'allowed'],
    ['2027-03-08T19:30:00Z', 'time_not_allowed'],
  ])('promised for %s is %s', (promisedAt, expected) => {
    expect(codeOf(() => promise(promisedAt, LOCATION, scheduling, NOW))).toBe(expected);
  });

  test('is not what the guests already have', () => {
    const asked = newOrder({ completed: true, promisedAt: '2026-03-07T19:30:00Z' });
    const placing = () => placeOrder(asked, { caller: WAITER, place: LOCATION, onSale: onSale(), now: NOW });
    expect(codeOf(placing)).toBe('time_not_allowed');
  });

  test('is ordered now, for then', () => {
    const { facts } = placed({ promisedAt: '2026-03-07T19:30:00Z' }, { now: NOW });
    expect(facts).toMatchObject({ businessDate: '2026-03-07', occurredAt: NOW.toISOString(), status: 'placed' });
  });
});

describe('promised for another time', () => {
  const order = placed({ promisedAt: '2026-03-07T18:00:00Z' }, { now: NOW });
  const moved = (promisedAt: string, of = order) =>
    repromise(of, promisedAt, { place: LOCATION, scheduling, now: NOW });

  test('of the same day it is told of once; of another it is another order', () => {
    expect(moved('2026-03-07T20:00:00Z')?.order.facts).toMatchObject({
      scheduled: { promisedAt: '2026-03-07T20:00:00.000Z', fireAt: '2026-03-07T19:45:00.000Z' },
      version: 2,
    });
    expect(moved('2026-03-07T18:00:00Z')).toBeUndefined();
    expect(codeOf(() => moved('2026-03-08T18:00:00Z'))).toBe('time_not_allowed');
  });

  test('only while it waits', () => {
    expect(codeOf(() => moved('2026-03-07T20:00:00Z', fire(order)?.order))).toBe('order_state');
    expect(codeOf(() => moved('2026-03-07T20:00:00Z', placed()))).toBe('order_state');
  });
});

describe('slots', () => {
  test.each([
    ['2026-03-07T18:00:00Z', 15, 'America/Chicago', '2026-03-07T18:00:00.000Z'],
    ['2026-03-07T18:14:59.999Z', 15, 'America/Chicago', '2026-03-07T18:00:00.000Z'],
    ['2026-03-07T18:15:00Z', 15, 'America/Chicago', '2026-03-07T18:15:00.000Z'],
    ['2026-03-07T18:40:00Z', 60, 'Asia/Kolkata', '2026-03-07T18:30:00.000Z'],
  ] as const)('%s is in the slot of %i minutes in %s that begins at %s', (moment, slotMinutes, timeZone, expected) => {
    expect(slotAt(new Date(moment), { slotMinutes }, timeZone).toISOString()).toBe(expected);
  });

  test('every moment is in one slot, which begins itself', () => {
    const minutes = fc.constantFrom(5, 10, 15, 20, 30, 60);
    const zone = fc.constantFrom('America/Chicago', 'Europe/Rome', 'Asia/Kolkata', 'Australia/Lord_Howe');
    const instant = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
    fc.assert(
      fc.property(minutes, zone, instant, (slotMinutes, timeZone, at) => {
        const slot = slotAt(new Date(at), { slotMinutes }, timeZone);
        expect(at - slot.getTime()).toBeGreaterThanOrEqual(0);
        expect(at - slot.getTime()).toBeLessThan(slotMinutes * 60_000);
        expect(slotAt(slot, { slotMinutes }, timeZone)).toEqual(slot);
      }),
    );
  });
});
