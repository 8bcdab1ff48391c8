import { Refusal } from '../refusal.js';

/**
 * Refuses a body in which any text holds a card number: they must never reach our logs, topics or tables.
 * Fields declared to hold phone numbers or barcodes are let through.
 * @throws Refusal `card_number_refused`, which names the field and not what it holds
 */
export function refuseCardNumbers(body: unknown, pointer = ''): void {
  if (typeof body === 'string') {
    if (holdsCardNumber(body))
      throw new Refusal(
        'card_number_refused',
        'This looks like a card number. Send a token from the payment provider.',
        { errors: [{ pointer, detail: 'Looks like a card number.' }] },
      );
    return;
  }
  if (typeof body !== 'object' || body === null) return;
  for (const [field, value] of Object.entries(body)) {
    if (holdsCardNumber(field))
      throw new Refusal('card_number_refused', 'A field is named like a card number.', {
        errors: [{ pointer, detail: 'A field is named like a card number.' }],
      });
    if (!EXEMPT.has(field)) refuseCardNumbers(value, `${pointer}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

/** True for a text with a standalone number that has a card scheme's prefix and length and passes Luhn's check. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < 12) return false;
  for (const [candidate] of text.matchAll(CANDIDATE)) {
    const digits = candidate.replaceAll(/[ -]/g, '');
    if (isScheme(digits) && luhn(digits)) return true;
  }
  return false;
}

const EXEMPT = new Set(['phone', 'barcode']);

// Digits in groups, with spaces or dashes between, that no letter or further digit touches: a UUID's groups are not standalone.
const CANDIDATE = /(?<![\w-])\d(?:[ -]?\d){11,18}(?![\w-])/g;

/** Issuer prefixes and lengths (ISO/IEC 7812; the schemes' public ranges). */
const SCHEMES: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(6011|64[4-9]|65)/, [16, 19]], // Discover
  [/^(352[89]|35[3-8])/, [16, 17, 18, 19]], // JCB
  [/^3(0[0-5]|09|[689])/, [14, 16, 19]], // Diners Club
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
];

const isScheme = (digits: string): boolean =>
  SCHEMES.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length));

/** Luhn's check (ISO/IEC 7812-1, annex B). */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
