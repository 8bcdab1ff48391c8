import { isCurrency } from '@comanda/money';

/**
 * Reads a number as people write it, into whole units of the last digit: `"1.234,50 €"` with a decimal comma and two
 * digits is 123450. A currency's sign, code or usual abbreviation beside it is ignored. Thousands may be grouped by the
 * other mark, an apostrophe or a space, also the Indian way (1,23,456); a grouping that is none is no number, so that a
 * wrong decimal mark is noticed. What binary floats leave behind (`3.3000000000000003`) is dropped.
 * @returns `undefined` for what is no such number, or is finer than its last digit
 */
export function parseNumber(
  text: string,
  { decimal, digits }: { decimal: '.' | ','; digits: number },
): number | undefined {
  const match = (decimal === '.' ? WITH_POINT : WITH_COMMA).exec(plain(text));
  if (!match) return undefined;
  const { before, code, after, whole = '', fraction = '', trailingCode } = match.groups ?? {};
  if (before && after) return undefined;
  if ([code, trailingCode].some((letters) => letters && !isCurrency(letters.toUpperCase()))) return undefined;
  const beyond = fraction.slice(digits);
  const isNoise = FLOAT_NOISE.test(beyond);
  if (!isNoise && /[1-9]/.test(beyond)) return undefined;
  const units = Number(whole.replaceAll(/\D/g, '') + fraction.slice(0, digits).padEnd(digits, '0'));
  const value = isNoise && beyond.startsWith('9') ? units + 1 : units;
  if (!Number.isSafeInteger(value)) return undefined;
  return (before || after) === '-' ? 0 - value : value;
}

/** One kind of space, minus, apostrophe and digit, where typographers and East Asian keyboards have several. */
function plain(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.trim();
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/\s/g, ' ')
    .replaceAll(/[\u2212\u2010\u2011\u2013\u2014]/g, '-')
    .replaceAll('\u2019', "'")
    .trim();
}

const FLOAT_NOISE = /^(0{7,}|9{7,})\d*$/;

// Only what is known to be a currency: a letter O in place of a zero must not pass for one. In Japan a yen sign may be
// written as a backslash: they share a place in Shift_JIS.
const SIGN = String.raw`\p{L}{0,3}\p{Sc}|\\|(?:s?fr|kr|rs|rp|rm|tl|ft|din|lei|kč|zł|лв|руб|р|euros?|r|s/|kd|bd|jd|dt|dhs?|sr|qr|ksh)\.?|[円元원圓]`;

function written(mark: string, group: string): RegExp {
  const grouped = String.raw`\d{1,3}(?<group>${group})\d{3}(?:\k<group>\d{3})*`;
  const indian = String.raw`\d{1,2}(?:${group}\d{2})+${group}\d{3}`;
  const whole = String.raw`(?<whole>${grouped}|${indian}|\d+|(?=${mark}\d))`;
  // A dash may stand for no cents: 12,-
  const fraction = String.raw`(?:${mark}(?:(?<fraction>\d*)|--?))?`;
  return new RegExp(
    `^(?<before>[-+]?) *(?:(?:${SIGN}|(?<code>[a-z]{3})) *)?(?<after>[-+]?) *${whole}${fraction}(?: *(?:${SIGN}|(?<trailingCode>[a-z]{3})))?$`,
    'iu',
  );
}

const WITH_POINT = written(String.raw`\.`, "[,' ]");
const WITH_COMMA = written(',', "[.' ]");

/**
 * Reads how many were sold: a whole number, or what programs make of one (`2.0`, `2,000`). Thousands are not grouped: a
 * till that sells `1,000` of something sells one, with three decimals.
 * @returns `undefined` for what is no whole number
 */
export function parseQuantity(text: string): number | undefined {
  const [, sign, whole] = /^([-+]?) *(\d+)(?:[.,]0*)?$/.exec(plain(text)) ?? [];
  if (whole === undefined || !Number.isSafeInteger(Number(whole))) return undefined;
  return sign === '-' ? 0 - Number(whole) : Number(whole);
}
