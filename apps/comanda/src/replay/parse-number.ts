/**
 * Reads a number as people write it, into whole units of the last digit: `"1.234,50 €"` with a decimal comma and two
 * digits is 123450. Currency signs and codes are ignored; thousands may be grouped by the other sign, an apostrophe or a space.
 * @returns `undefined` for what is no such number, or has more digits than there are
 */
export function parseNumber(
  text: string,
  { decimal, digits }: { decimal: '.' | ','; digits: number },
): number | undefined {
  const bare = text
    .normalize('NFKC')
    .replaceAll(/\p{Sc}|\b[A-Z]{3}\b/gu, '')
    .replaceAll('\u2212', '-')
    .trim();
  const match = decimal === '.' ? WITH_POINT.exec(bare) : WITH_COMMA.exec(bare);
  if (!match) return undefined;
  const [, before = '', sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  const value = Number(whole.replaceAll(/[^\d]/g, '') + kept);
  if (!Number.isSafeInteger(value)) return undefined;
  return before + sign === '-' ? -value : value;
}

// A sign before or after the currency's, then digits, plain or in groups of three.
const WITH_POINT = /^(-?)\s*([-+]?)\s*(\d{1,3}(?:[,' \u00a0]\d{3})+|\d+|(?=\.\d))(?:\.(\d*))?$/;
const WITH_COMMA = /^(-?)\s*([-+]?)\s*(\d{1,3}(?:[.' \u00a0]\d{3})+|\d+|(?=,\d))(?:,(\d*))?$/;
