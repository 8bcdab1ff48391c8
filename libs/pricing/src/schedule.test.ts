import { describe, expect, test } from 'vitest';
import { isTime, priceAt, type TimeWindow, wallClock, type Weekday } from './schedule.js';

const EVERY_DAY: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const breakfast: TimeWindow[] = [{ days: EVERY_DAY, from: '07:00', to: '11:00' }];
const at = (windows: readonly TimeWindow[], moment: string, timeZone: string): boolean =>
  isTime(windows, wallClock(new Date(moment), timeZone));

describe('breakfast is from 07:00:00 to 10:59:59 on the clock of the restaurant', () => {
  test.each([
    // An ordinary day, and both days on which the clock is changed. Chicago is 6 hours behind, in summer 5.
    [
      'America/Chicago',
      '2026-01-15T12:59:59Z',
      '2026-01-15T13:00:00Z',
      '2026-01-15T16:59:59.999Z',
      '2026-01-15T17:00:00Z',
    ],
    [
      'America/Chicago',
      '2026-03-08T11:59:59Z',
      '2026-03-08T12:00:00Z',
      '2026-03-08T15:59:59.999Z',
      '2026-03-08T16:00:00Z',
    ],
    [
      'America/Chicago',
      '2026-11-01T12:59:59Z',
      '2026-11-01T13:00:00Z',
      '2026-11-01T16:59:59.999Z',
      '2026-11-01T17:00:00Z',
    ],
    ['Europe/Rome', '2026-03-29T04:59:59Z', '2026-03-29T05:00:00Z', '2026-03-29T08:59:59.999Z', '2026-03-29T09:00:00Z'],
    ['Europe/Rome', '2026-10-25T05:59:59Z', '2026-10-25T06:00:00Z', '2026-10-25T09:59:59.999Z', '2026-10-25T10:00:00Z'],
    [
      'Asia/Kathmandu',
      '2026-03-29T01:14:59Z',
      '2026-03-29T01:15:00Z',
      '2026-03-29T05:14:59.999Z',
      '2026-03-29T05:15:00Z',
    ],
  ])('%s: not at %s, from %s to %s, no longer at %s', (timeZone, before, first, last, after) => {
    expect([before, first, last, after].map((moment) => at(breakfast, moment, timeZone))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('hours in which the clock is changed', () => {
  const night: TimeWindow[] = [{ days: ['sunday'], from: '02:00', to: '03:00' }];
  const minutes = (windows: readonly TimeWindow[], day: string, timeZone: string): number =>
    Array.from({ length: 26 * 60 }, (_, minute) => new Date(Date.parse(`${day}T00:00:00Z`) + minute * 60_000)).filter(
      (moment) => isTime(windows, wallClock(moment, timeZone)),
    ).length;

  test('one that is skipped does not come', () => {
    expect(minutes(night, '2026-03-29', 'Europe/Rome')).toBe(0);
  });

  test('one that comes twice counts twice', () => {
    expect(minutes(night, '2026-10-25', 'Europe/Rome')).toBe(120);
  });

  test('on every other day it is an hour', () => {
    expect(minutes(night, '2026-06-07', 'Europe/Rome')).toBe(60);
  });
});

describe('a window past midnight belongs to the day on which it begins', () => {
  const late: TimeWindow[] = [{ days: ['friday'], from: '22:00', to: '02:00' }];

  test.each([
    ['2026-03-06T21:59:59Z', false],
    ['2026-03-06T22:00:00Z', true],
    ['2026-03-07T01:59:59Z', true],
    ['2026-03-07T02:00:00Z', false],
    ['2026-03-06T01:00:00Z', false],
    ['2026-03-07T22:00:00Z', false],
  ])('at %s: %s', (moment, open) => {
    expect(at(late, moment, 'UTC')).toBe(open);
  });

  test('also from Sunday to Monday, and one that ends when it begins is a whole day', () => {
    expect(at([{ days: ['sunday'], from: '23:00', to: '01:00' }], '2026-03-09T00:30:00Z', 'UTC')).toBe(true);
    const all: TimeWindow[] = [{ days: ['saturday'], from: '06:00', to: '06:00' }];
    expect(
      ['2026-03-07T05:59:00Z', '2026-03-07T06:00:00Z', '2026-03-08T05:59:00Z', '2026-03-08T06:00:00Z'].map((moment) =>
        at(all, moment, 'UTC'),
      ),
    ).toEqual([false, true, true, false]);
  });
});

test('happy hour: the first price whose time it is, else the usual one', () => {
  const happyHour = { windows: [{ days: EVERY_DAY, from: '16:00', to: '18:00' }], price: 4_00 };
  const afternoon = { windows: [{ days: EVERY_DAY, from: '14:00', to: '20:00' }], price: 5_00 };
  const prices = ['13:59', '14:00', '15:59', '16:00', '17:59', '18:00', '20:00'].map((time) =>
    priceAt(6_00, [happyHour, afternoon], { weekday: 'monday', time }),
  );
  expect(prices).toEqual([6_00, 5_00, 5_00, 4_00, 4_00, 5_00, 6_00]);
});

test('midnight is 00:00 of the day that begins', () => {
  expect(wallClock(new Date('2026-03-09T05:00:00Z'), 'America/Chicago')).toEqual({ weekday: 'monday', time: '00:00' });
});
