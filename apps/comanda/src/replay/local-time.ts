import { DateTime } from 'luxon';
import { remembering } from './remembering.js';
import { tidy } from './tidy.js';

/** When something happened: as a moment, and at the location's clock. */
export interface LocalTime {
  readonly occurredAt: Date;
  /** The local day, `yyyy-MM-dd`. */
  readonly date: string;
  /** The local time of day, `HH:mm:ss`. */
  readonly time: string;
}

/** How times are written: tokens of Unicode's date formats, and the language of month names. */
export interface TimeFormat {
  readonly format: string;
  readonly locale: string;
}

/**
 * Reads times as a till writes them, at the clock of a time zone. A leading zero may be missing, and AM and PM may have
 * dots. A time that the clock skips counts from the hour before it; of one that comes twice, it is always the same of the two.
 * @returns a reader that gives `undefined` for what is not written so, is no day of the calendar, or is before 1970
 */
export function localTimeReader(
  { format, locale }: TimeFormat,
  timeZone: string,
): (text: string) => LocalTime | undefined {
  const parser = DateTime.buildFormatParser(lenient(format), { locale });
  const clock = hasZone(format) ? atOffset : atClockOf(timeZone);
  const zone = hasZone(format) ? timeZone : 'utc';
  return remembering((text) => {
    const written = DateTime.fromFormatParser(offsetAs(format, asWritten(text, locale)), parser, { zone, locale });
    if (!written.isValid) return undefined;
    const { moment, wall } = clock(written);
    if (moment < 0) return undefined;
    const [date = '', time = ''] = new Date(wall).toISOString().split(/[T.]/);
    return { occurredAt: new Date(moment), date, time };
  });
}

/** What is wrong with a format; `undefined` when a day and a time survive being written and read. */
export function formatTrouble({ format, locale }: TimeFormat): string | undefined {
  const unknown = unquoted(format).find((part) => /[^\W\d_yMLdHhmsSaEZz]/.test(part));
  if (unknown !== undefined)
    return `"${unknown}" holds letters that are no tokens; those of Unicode are meant, such as dd/MM/yyyy HH:mm, and other letters stand in single quotes`;
  try {
    const sample = DateTime.utc(2015, 11, 23, 13, 45, 56, { locale });
    const written = sample.toFormat(format);
    const read = DateTime.fromFormat(written, format, { zone: 'utc', locale });
    if (read.toISODate() !== sample.toISODate()) return `"${format}" does not say the day, the month and the year`;
    const says = /[Hh]/.test(unquoted(format).join());
    if (says && read.hour !== sample.hour) return `"${format}" says hours up to 12 without AM and PM (a)`;
    return undefined;
  } catch (error) {
    return `"${format}" (${locale}) cannot be used: ${(error as Error).message}`;
  }
}

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

/** Spaces of one kind; `p.m.` as English writes it to `pm`. */
function asWritten(text: string, locale: string): string {
  const spaced = tidy(text);
  return locale.startsWith('en') && spaced.includes('.') ? spaced.replace(/\b([ap])\. ?m\.?/i, '$1m') : spaced;
}

/** Writes an offset at the end as the format has it: exports do with and without a colon, and with Z for none. */
function offsetAs(format: string, text: string): string {
  const [token] = /Z+$/.exec(format) ?? [];
  if (token === undefined) return text;
  return text.replace(/(?:([+-]\d{1,2})(?::?(\d\d))?|Z)$/i, (_, hours: string = '+00', minutes: string = '00') =>
    token === 'ZZZ' ? hours + minutes : `${hours}:${minutes}`,
  );
}

/** Takes one digit where two are asked for, unless other digits stand beside them (`yyyyMMdd`). */
function lenient(format: string): string {
  return tidy(format)
    .split(QUOTED)
    .map((part) => (part.startsWith("'") ? part : part.replaceAll(/(?<![a-z])(d|M|H|h|m|s)\1(?![a-z])/gi, '$1')))
    .join('');
}

const QUOTED = /('[^']*')/;

const unquoted = (format: string): string[] => format.split(QUOTED).filter((part) => !part.startsWith("'"));

const hasZone = (format: string): boolean => unquoted(format).some((part) => /z/i.test(part));
