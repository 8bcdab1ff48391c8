import { Info } from 'luxon';
import { tidy } from './tidy.js';

/** How times are written: tokens of Unicode's date formats, and the language of month names. */
export interface TimeFormat {
  readonly format: string;
  readonly locale: string;
}

/**
 * Unicode's tokens as luxon has them: X and x are offsets like ZZ, u is a year like y. The T of ISO 8601 needs no quotes:
 * it can mean nothing else.
 */
export function normal(format: string): string {
  return outsideQuotes(tidy(format), (part) =>
    part
      .replace(/(?<=d)T(?=[Hh])/, "'T'")
      .replaceAll(/[Xx]+/g, 'ZZ')
      .replaceAll(/u+/g, (years) => (years.length === 2 ? 'yy' : 'yyyy')),
  );
}

/**
 * The format for reading: one digit is enough where two are asked for, unless other digits stand beside them (`yyyyMMdd`),
 * and any number of digits of a second.
 */
export function lenient(format: string): string {
  return outsideQuotes(format, (part) =>
    part.replaceAll(/(?<![a-z])(d|M|H|h|m|s)\1(?![a-z])/gi, '$1').replaceAll(/S+/g, 'u'),
  );
}

/** What can be read of a format without its quoted letters. */
export const unquoted = (format: string): string[] => format.split(QUOTED).filter((part) => !part.startsWith("'"));

const QUOTED = /('[^']*')/;

const outsideQuotes = (format: string, change: (part: string) => string): string =>
  format
    .split(QUOTED)
    .map((part) => (part.startsWith("'") ? part : change(part)))
    .join('');

/**
 * Brings what people write in many ways into the way that the format has: spaces, AM and PM with dots or in English, months
 * as short or as long as one likes, offsets with and without a colon and Z for none.
 */
export function respelling({ format, locale }: TimeFormat): (text: string) => string {
  const tokens = unquoted(format).join(' ');
  const respell = [
    ...(/a/.test(tokens) ? [halfDays(locale)] : []),
    ...(/MMM/.test(tokens) && !/[Ec]/.test(tokens) ? [months(/MMMM/.test(tokens) ? 'long' : 'short', locale)] : []),
    ...(tokens.endsWith('Z') ? [offsets(tokens.endsWith('ZZZ'))] : []),
  ];
  return (text) => respell.reduce((written, each) => each(written), tidy(text));
}

function halfDays(locale: string): (text: string) => string {
  const [am = 'AM', pm = 'PM'] = Info.meridiems({ locale });
  return (text) =>
    text.replace(/(?<!\p{L})([ap])\.? ?m\b\.?/iu, (_, half: string) => (half.toLowerCase() === 'a' ? am : pm));
}

/** A month by as much of its name as tells it from the others: Sep and Sept are the same. */
function months(length: 'short' | 'long', locale: string): (text: string) => string {
  const names = Info.monthsFormat('long', { locale });
  const written = Info.monthsFormat(length, { locale });
  const known = names.map(bare);
  return (text) =>
    text.replaceAll(/\p{L}{3,}\.?/gu, (word) => {
      const found = known.flatMap((name, month) => (name.startsWith(bare(word)) ? [month] : []));
      return (found.length === 1 && written[found[0] ?? -1]) || word;
    });
}

/** Without dots, accents and capitals. */
const bare = (word: string): string =>
  word
    .normalize('NFD')
    .replaceAll(/[.\p{M}]/gu, '')
    .toLowerCase();

function offsets(isPlain: boolean): (text: string) => string {
  return (text) =>
    text.replace(/(?:([+-]\d{1,2})(?::?(\d\d))?|Z)$/i, (_, hours: string = '+00', minutes: string = '00') =>
      isPlain ? hours + minutes : `${hours}:${minutes}`,
    );
}
