import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDate, isTimeZone, localParts, momentOf } from './business-date.js';

const at = (moment: string, timeZone: string, closingHour = 4) => businessDate(new Date(moment), timeZone, closingHour);

describe('an evening that goes on after midnight', () => {
  test.each([
    ['2026-03-13T22:30:00+01:00', '2026-03-13'],
    ['2026-03-14T00:00:00+01:00', '2026-03-13'],
    ['2026-03-14T03:59:59.999+01:00', '2026-03-13'],
    ['2026-03-14T04:00:00+01:00', '2026-03-14'],
  ])('%s in Rome counts for %s, where the day is cut at four', (moment, day) => {
    expect(at(moment, 'Europe/Rome')).toBe(day);
  });

  test('ends at midnight where the day is cut at midnight', () => {
    expect(at('2026-03-13T23:59:59+01:00', 'Europe/Rome', 0)).toBe('2026-03-13');
    expect(at('2026-03-14T00:00:00+01:00', 'Europe/Rome', 0)).toBe('2026-03-14');
  });

  test('may go on into another month, or another year', () => {
    expect(at('2026-03-01T01:30:00+01:00', 'Europe/Rome')).toBe('2026-02-28');
    expect(at('2028-03-01T01:30:00+01:00', 'Europe/Rome')).toBe('2028-02-29');
    expect(at('2026-01-01T01:30:00+01:00', 'Europe/Rome')).toBe('2025-12-31');
  });
});

describe('a day is that of the location', () => {
  test.each([
    ['America/Chicago', '2026-06-30'],
    ['Europe/Rome', '2026-07-01'],
    ['Asia/Kathmandu', '2026-07-01'],
    ['Pacific/Kiritimati', '2026-07-01'],
    ['Pacific/Pago_Pago', '2026-06-30'],
  ])('%s', (timeZone, day) => {
    expect(at('2026-07-01T08:00:00Z', timeZone)).toBe(day);
  });
});

describe('where the clock changes', () => {
  test('the hour that is skipped takes nothing from either day', () => {
    // Rome, 29 March 2026: 01:59 is followed by 03:00.
    expect(at('2026-03-29T00:59:59Z', 'Europe/Rome', 3)).toBe('2026-03-28');
    expect(at('2026-03-29T01:00:00Z', 'Europe/Rome', 3)).toBe('2026-03-29');
  });

  test('both rounds of the hour that comes twice count for the same evening', () => {
    // Rome, 25 October 2026: 02:59 is followed by 02:00.
    for (const moment of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
      expect(at(moment, 'Europe/Rome', 3)).toBe('2026-10-24');
    expect(at('2026-10-25T02:00:00Z', 'Europe/Rome', 3)).toBe('2026-10-25');
  });

  test('a day that a country left out is nobody’s', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(at('2011-12-30T09:59:59Z', 'Pacific/Apia', 0)).toBe('2011-12-29');
    expect(at('2011-12-30T10:00:00Z', 'Pacific/Apia', 0)).toBe('2011-12-31');
  });
});

describe('a time on the wall', () => {
  const moment = (local: string, timeZone: string) => momentOf(Date.parse(`${local}Z`), timeZone).toISOString();

  test.each([
    ['2026-07-01T20:15:00', 'Europe/Rome', '2026-07-01T18:15:00.000Z'],
    ['2026-01-01T20:15:00', 'Europe/Rome', '2026-01-01T19:15:00.000Z'],
    ['2026-07-01T20:15:00', 'Asia/Kathmandu', '2026-07-01T14:30:00.000Z'],
  ])('%s in %s was at %s', (local, timeZone, utc) => {
    expect(moment(local, timeZone)).toBe(utc);
  });

  test('that the clock skipped is what it would have shown, had nobody moved it', () => {
    expect(moment('2026-03-29T02:30:00', 'Europe/Rome')).toBe('2026-03-29T01:30:00.000Z');
    expect(moment('2026-03-08T02:30:00', 'America/Chicago')).toBe('2026-03-08T08:30:00.000Z');
  });

  test('that came twice is the first of the two', () => {
    expect(moment('2026-10-25T02:30:00', 'Europe/Rome')).toBe('2026-10-25T00:30:00.000Z');
    expect(moment('2026-11-01T01:30:00', 'America/Chicago')).toBe('2026-11-01T06:30:00.000Z');
  });

  test('is what the wall shows at that moment, at any time and place but the hours that are skipped', () => {
    const zone = fc.constantFrom(
      'Europe/Rome',
      'America/Chicago',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    );
    // Whole seconds from 1990 to 2035.
    const second = fc.integer({ min: 631_152_000, max: 2_051_222_400 });
    fc.assert(
      fc.property(zone, second, (timeZone, utc) => {
        const { year, month, day, hour, minute, second: secondOf } = localParts(new Date(utc * 1000), timeZone);
        const local = Date.UTC(year, month - 1, day, hour, minute, secondOf);
        const shown = localParts(momentOf(local, timeZone), timeZone);
        expect(shown).toEqual({ year, month, day, hour, minute, second: secondOf });
      }),
    );
  });
});

describe('a time zone', () => {
  test.each(['Europe/Rome', 'America/Argentina/Ushuaia', 'Asia/Calcutta', 'UTC'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  test.each(['+02:00', 'Europe/Atlantis', 'Rome', '', ' Europe/Rome', 'Europe/Rome\0'])('%j is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
