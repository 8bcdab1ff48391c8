import { DateTime } from 'luxon';
import { remembering } from './remembering.js';
import { lenient, normal, respelling, type TimeFormat, unquoted } from './time-format.js';

/** When something happened: as a moment, and at the location's clock. */
export interface LocalTime {
  readonly occurredAt: Date;
  /** The local day, `yyyy-MM-dd`. */
  readonly date: string;
  /** The local time of day, `HH:mm:ss`. */
  readonly time: string;
}

/**
 * Reads times as a till writes them, at the clock of a time zone. A leading zero may be missing, and AM and PM may have
 * dots. A time that the clock skips counts from the hour before it; of one that comes twice, it is always the same of the two.
 * @returns a reader that gives `undefined` for what is not written so, is no day of the calendar, or is before 1970
 */
export function localTimeReader(
  { format: given, locale }: TimeFormat,
  timeZone: string,
): (text: string) => LocalTime | undefined {
  const format = normal(given);
  const respelled = respelling({ format, locale });
  const parser = DateTime.buildFormatParser(lenient(format), { locale });
  const clock = hasZone(format) ? atOffset : atClockOf(timeZone);
  const zone = hasZone(format) ? timeZone : 'utc';
  return remembering((text) => {
    const written = DateTime.fromFormatParser(respelled(text), parser, { zone, locale });
    if (!written.isValid) return undefined;
    const { moment, wall } = clock(written);
    if (moment < 0) return undefined;
    const [date = '', time = ''] = new Date(wall).toISOString().split(/[T.]/);
    return { occurredAt: new Date(moment), date, time };
  });
}

/** What is wrong with a format; `undefined` when a day and a time survive being written and read. */
export function formatTrouble({ format: given, locale }: TimeFormat): string | undefined {
  const format = normal(given);
  const tokens = unquoted(format).join(' ');
  if (MIXED_UP.test(tokens)) return `"${given}" has months and minutes mixed up: MM are months, mm are minutes`;
  const unknown = unquoted(format).find((part) => /[^\W\d_yMLdHhmsSaEZz]/.test(part));
  if (unknown !== undefined)
    return `"${unknown}" holds letters that are no tokens; those of Unicode are meant, such as dd/MM/yyyy HH:mm, and other letters stand in single quotes`;
  try {
    const sample = DateTime.utc(2015, 11, 23, 13, 45, 56, { locale });
    const written = sample.toFormat(format);
    const read = DateTime.fromFormat(written, format, { zone: 'utc', locale });
    if (read.toISODate() !== sample.toISODate()) return `"${given}" does not say the day, the month and the year`;
    if (/[Hh]/.test(tokens) && read.hour !== sample.hour) return `"${given}" says hours up to 12 without AM and PM (a)`;
    return undefined;
  } catch (error) {
    return `"${given}" (${locale}) cannot be used: ${(error as Error).message}`;
  }
}

/** Minutes within a day's date, months within a time of day: it can be read, and is another day. */
const MIXED_UP = /[yd][^A-Za-z]*m+[^A-Za-z]*[yd]|^m+[^A-Za-z]*d|[Hh][^A-Za-z]*M|M[^A-Za-z]*s/;

interface Reading {
  /** Milliseconds since 1970. */
  readonly moment: number;
  /** The same for what the clock on the wall shows. */
  readonly wall: number;
}

/** For texts that say their offset themselves. */
function atOffset(written: DateTime): Reading {
  return { moment: written.toMillis(), wall: written.toMillis() + written.offset * 60_000 };
}

/** Offsets change at full hours: the calendar is asked once for each, because asking it is what reading a time costs. */
function atClockOf(timeZone: string): (written: DateTime) => Reading {
  const hours = new Map<number, Reading>();
  return (written) => {
    const asIfUtc = written.toMillis();
    const hour = Math.floor(asIfUtc / HOUR);
    let begins = hours.get(hour);
    if (!begins) {
      const { year, month, day } = written;
      begins = atOffset(DateTime.fromObject({ year, month, day, hour: written.hour }, { zone: timeZone }));
      hours.set(hour, begins);
    }
    const past = asIfUtc - hour * HOUR;
    return { moment: begins.moment + past, wall: begins.wall + past };
  };
}

const HOUR = 3_600_000;

const hasZone = (format: string): boolean => unquoted(format).some((part) => /z/i.test(part));
