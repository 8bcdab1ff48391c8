import type { Caller } from '../auth/caller.js';
import { Refusal } from '../refusal.js';
import { businessDate } from './business-date.js';

/** A moment and the business day it counts for. */
export interface Occurrence {
  readonly occurredAt: Date;
  readonly businessDate: string;
}

/**
 * When something happened at a location: as the caller says, or now. Tills and imports come late, so the past is open as
 * far as yesterday, and beyond with the scope `orders:import`; a clock may run five minutes ahead.
 * @throws Refusal `time_not_allowed`
 */
export function occurrenceOf(
  caller: Caller,
  given: string | undefined,
  location: { timeZone: string; closingHour: number },
  now: Date = new Date(),
): Occurrence {
  const dayOf = (moment: Date): string => businessDate(moment, location.timeZone, location.closingHour);
  if (given === undefined) return { occurredAt: now, businessDate: dayOf(now) };
  const occurredAt = new Date(given);
  if (occurredAt.getTime() > now.getTime() + AHEAD)
    throw new Refusal('time_not_allowed', 'occurredAt lies in the future.');
  if (occurredAt.getTime() < EARLIEST) throw new Refusal('time_not_allowed', 'occurredAt lies before 1970.');
  const day = dayOf(occurredAt);
  if (day < dayBefore(dayOf(now)) && !caller.scopes.has('orders:import')) {
    throw new Refusal('time_not_allowed', 'A time before yesterday needs the scope orders:import.', {
      scope: 'orders:import',
    });
  }
  return { occurredAt, businessDate: day };
}

// By the calendar: a day of the clock has 23 to 25 hours.
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY).toISOString().slice(0, 10);

const AHEAD = 5 * 60_000;
const DAY = 86_400_000;
const EARLIEST = 0;
