import { Refusal } from '../refusal.js';

/**
 * Refuses a body in which any text holds a card number: they must never reach our logs, topics or tables.
 * Fields declared to hold phone numbers or barcodes are let through. Bytes are read as text.
 * @param pointer where the value stands, as a JSON pointer or `query/…`, `header/…`
 * @throws Refusal `card_number_refused`, which names the field and not what it holds
 */
export function refuseCardNumbers(value: unknown, pointer = ''): void {
  if (typeof value === 'string') {
    if (holdsCardNumber(value))
      throw refused('This looks like a card number. Send a token from the payment provider.', pointer);
  } else if (value instanceof Uint8Array) {
    refuseCardNumbers(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'), pointer);
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, part] of Object.entries(value)) {
      if (holdsCardNumber(field)) throw refused('A field is named like a card number.', pointer);
      if (!EXEMPT.has(field))
        refuseCardNumbers(part, `${pointer}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  }
}

/**
 * True for a text with a standalone number that has a card scheme's prefix and length and passes Luhn's check, whether
 * its digits stand together or in groups, and whatever other numbers stand beside it.
 */
export function holdsCardNumber(text: string): boolean {
  if (text.length < 12 || ID.test(text)) return false;
  const plain = ASCII.test(text) ? text : text.normalize('NFKC');
  for (const [run] of plain.replaceAll(UUID, ' ').matchAll(NUMBERS)) {
    const groups = run.split(SEPARATOR);
    if (isCardNumber(groups.join('')) || groups.some((_, first) => beginsCardNumber(groups, first))) return true;
  }
  return false;
}

const refused = (detail: string, pointer: string): Refusal =>
  new Refusal('card_number_refused', detail, { errors: [{ pointer, detail: 'Looks like a card number.' }] });

const EXEMPT = new Set(['phone', 'barcode']);

const ASCII = /^[ -~\t\r\n]*$/;
/** Most long texts are one, and nothing else. */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** All of one, even where its digits happen to look like a card's, also within a key such as `order-<uuid>-2`. */
const UUID = /(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/gi;
/** Numbers side by side, with spaces, dots or dashes between, that no letter touches. */
const NUMBERS = /(?<![\p{L}\p{N}_])\d+(?:[ \t.\p{Pd}]{1,3}\d+)*(?![\p{L}\p{N}_])/gu;
const SEPARATOR = /[^\d]+/;
/** Cards are printed in groups of four to six, the last perhaps of three; shorter ones are something else: a quantity, a date. */
const SHORTEST_GROUP = 3;
const LONGEST = 19;

/** Whether a card number begins with this group: what stands before and after it may be a table, an expiry date, a code. */
function beginsCardNumber(groups: readonly string[], first: number): boolean {
  let digits = '';
  for (const group of groups.slice(first)) {
    digits += group;
    if (group.length < SHORTEST_GROUP || digits.length > LONGEST) return false;
    if (isCardNumber(digits)) return true;
  }
  return false;
}

const isCardNumber = (digits: string): boolean =>
  SCHEMES.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits);

/** Issuer prefixes and lengths (ISO/IEC 7812; the schemes' public ranges). */
const SCHEMES: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(6011|64[4-9]|65)/, [16, 19]], // Discover, RuPay, Elo
  [/^(352[89]|35[3-8])/, [16, 17, 18, 19]], // JCB
  [/^3(0[0-5]|09|[689])/, [14, 16, 19]], // Diners Club
  [/^(62|81)/, [16, 17, 18, 19]], // UnionPay
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  [/^67/, [16, 17, 18, 19]], // Maestro, Bancontact
  [/^220[0-4]/, [16, 17, 18, 19]], // Mir
  [/^(5019|5066|5067|508|5090|5610|5895|6062|606282|60|82|9792)/, [16]], // Dankort, Elo, RuPay, Hipercard, Troy and others of a country
];

/** Luhn's check (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
