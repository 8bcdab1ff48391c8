const DAY = 86_400_000;

/**
 * The business day of a moment at a location: the local calendar day, where the hours before the closing
 * hour still belong to the day before. 01:30 with a closing hour of 4 is yesterday's.
 * @param timeZone an IANA zone, such as `Europe/Rome`
 * @param closingHour local hour, 0 to 23, at which the day is cut
 * @returns `YYYY-MM-DD`
 */
export function businessDate(occurredAt: Date, timeZone: string, closingHour: number): string {
  const second = Math.floor(occurredAt.getTime() / 1000);
  const place = `${timeZone} ${closingHour}`;
  const asked = lastAsked.get(place);
  if (asked?.second === second) return asked.day;
  const { year, month, day, hour } = localParts(occurredAt, timeZone);
  const midnight = Date.UTC(year, month - 1, day) - (hour < closingHour ? DAY : 0);
  const date = new Date(midnight).toISOString().slice(0, 10);
  if (lastAsked.size >= MOST_REMEMBERED) lastAsked.clear();
  lastAsked.set(place, { second, day: date });
  return date;
}

// In a rush everybody at a place asks in the same second, and reading the clock costs as much as pricing an order.
const lastAsked = new Map<string, { readonly second: number; readonly day: string }>();

/** The wall clock of a zone at a moment. */
export function localParts(
  moment: Date,
  timeZone: string,
): { year: number; month: number; day: number; hour: number; minute: number; second: number } {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter(timeZone).formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** True for a zone that this runtime's time zone database knows; an offset such as `+02:00` is none. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Z]/i.test(name) && formatter(name) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The moment of a wall-clock time. In the hour that a clock change skips, the time the clock would have shown had it
 * not been moved; in the hour that comes twice, the first.
 * @param local milliseconds of the wall clock read as if it were UTC
 */
export function momentOf(local: number, timeZone: string): Date {
  const offsetAt = (utc: number): number => {
    const { year, month, day, hour, minute, second } = localParts(new Date(utc), timeZone);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1000) * 1000;
  };
  const [before, after] = [offsetAt(local - DAY), offsetAt(local + DAY)];
  const fitting = [before, after].map((offset) => local - offset).filter((utc) => utc + offsetAt(utc) === local);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : local - before);
}

// Building a formatter costs a hundred times what using it does.
const formatters = new Map<string, Intl.DateTimeFormat>();
const MOST_REMEMBERED = 1_000;
function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    // There are some six hundred zones, but many ways to write their names.
    if (formatters.size >= MOST_REMEMBERED) formatters.clear();
    formatters.set(timeZone, found);
  }
  return found;
}
