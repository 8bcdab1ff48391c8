import { ALL_SCOPES, type Scope } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../auth/caller.js';
import { Refusal } from '../refusal.js';
import { occurrenceOf } from './occurred-at.js';

const ROME = { timeZone: 'Europe/Rome', closingHour: 4 };
/** Saturday, at half past one in the morning: Friday evening goes on. */
const NOW = new Date('2026-03-14T01:30:00+01:00');

const callerWith = (...scopes: Scope[]): Caller => ({
  kind: 'key',
  id: 'till 3',
  organizationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
  scopes: new Set(scopes),
  locations: null,
  ratePerSecond: null,
});
const till = callerWith(...ALL_SCOPES.filter((scope) => scope !== 'orders:import'));
const importer = callerWith('orders:import');

const refusalOf = (caller: Caller, given: string, location = ROME): Refusal => {
  try {
    const { businessDate } = occurrenceOf(caller, given, location, NOW);
    throw new Error(`${given} was taken, for ${businessDate}`);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};

describe('what happened', () => {
  test('without a time happened now, and counts for the evening that goes on', () => {
    expect(occurrenceOf(till, undefined, ROME, NOW)).toEqual({ occurredAt: NOW, businessDate: '2026-03-13' });
  });

  test.each([
    ['at the beginning of yesterday’s business day', '2026-03-12T04:00:00+01:00', '2026-03-12'],
    ['by a clock of another zone', '2026-03-13T14:00:00-05:00', '2026-03-13'],
    ['five minutes ahead: clocks differ', '2026-03-14T01:35:00+01:00', '2026-03-13'],
  ])('%s is taken from any till', (_, given, businessDate) => {
    expect(occurrenceOf(till, given, ROME, NOW)).toEqual({ occurredAt: new Date(given), businessDate });
  });

  test('before yesterday needs the scope for imports, and the refusal names it', () => {
    const given = '2026-03-12T03:59:59.999+01:00';
    expect(refusalOf(till, given)).toMatchObject({
      code: 'time_not_allowed',
      status: 422,
      facts: { scope: 'orders:import' },
    });
    expect(occurrenceOf(importer, given, ROME, NOW).businessDate).toBe('2026-03-11');
    expect(occurrenceOf(importer, '1970-01-01T00:00:00Z', ROME, NOW).businessDate).toBe('1969-12-31');
  });

  test('before 1970, or more than five minutes from now, is taken from nobody', () => {
    for (const given of ['1969-12-31T23:59:59.999Z', '2026-03-14T01:35:00.001+01:00', '9999-12-31T00:00:00Z'])
      expect(refusalOf(importer, given)).toMatchObject({ code: 'time_not_allowed' });
  });

  test('is judged by the calendar of its location: a day may have 25 hours', () => {
    // Rome's clock goes back in the night of 24 October 2026: 24 hours before its end, that day had begun.
    const now = new Date('2026-10-25T03:30:00+01:00');
    expect(occurrenceOf(till, undefined, ROME, now).businessDate).toBe('2026-10-24');
    expect(occurrenceOf(till, '2026-10-23T04:00:00+02:00', ROME, now).businessDate).toBe('2026-10-23');
    expect(() => occurrenceOf(till, '2026-10-23T03:59:00+02:00', ROME, now)).toThrow(/before yesterday/);
  });
});
