/** A day of the week, as the calendar on the wall has it. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/**
 * Hours of some days: from the first minute up to and without the last, both HH:MM. Where `to` is not later than `from`
 * it is of the next day: 22:00 to 02:00 of a Friday ends on Saturday.
 */
export type TimeWindow = { readonly days: readonly Weekday[]; readonly from: string; readonly to: string };

/** What a clock on the wall shows: the day, and the minute as HH:MM. */
export type WallClock = { readonly weekday: Weekday; readonly time: string };

/** A price at certain times. */
export type TimedPrice = { readonly windows: readonly TimeWindow[]; readonly price: number };

/**
 * What the clock of a place shows at a moment, whatever clock the device has. It follows the place's clock changes: an
 * hour that is skipped is never shown, one that comes twice is shown twice.
 * @param timeZone an IANA zone, such as `Europe/Rome`
 */
export function wallClock(moment: Date, timeZone: string): WallClock {
  const second = Math.floor(moment.getTime() / 1000);
  if (lastShown?.timeZone === timeZone && lastShown.second === second) return lastShown.clock;
  const parts = formatterOf(timeZone).formatToParts(moment);
  const shown = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  const clock = { weekday: shown('weekday').toLowerCase() as Weekday, time: `${shown('hour')}:${shown('minute')}` };
  lastShown = { timeZone, second, clock };
  return clock;
}

// Reading the clock costs as much as pricing a whole cart, and in a rush everybody asks for the same second.
let lastShown: { readonly timeZone: string; readonly second: number; readonly clock: WallClock } | undefined;

/** Whether it is time: whether the clock stands within any of the windows. */
export function isTime(windows: readonly TimeWindow[], { weekday, time }: WallClock): boolean {
  return windows.some(({ days, from, to }) => {
    if (from < to) return days.includes(weekday) && from <= time && time < to;
    return (days.includes(weekday) && from <= time) || (days.includes(dayBefore(weekday)) && time < to);
  });
}

/** What something costs when the clock stands so: the first price whose time it is, else the usual one. */
export function priceAt(usual: number, timed: readonly TimedPrice[], clock: WallClock): number {
  return timed.find(({ windows }) => isTime(windows, clock))?.price ?? usual;
}

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const dayBefore = (weekday: Weekday): Weekday => WEEK.at(WEEK.indexOf(weekday) - 1) ?? weekday;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one is dear, and a place has one zone. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const made = formatters.get(timeZone);
  if (made) return made;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  // There are some six hundred zones, but many ways to write their names.
  if (formatters.size >= 1000) formatters.clear();
  formatters.set(timeZone, formatter);
  return formatter;
}
