import fc from 'fast-check';
import { v4, v7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.js';
import { holdsCardNumber, refuseCardNumbers } from './card-numbers.js';

/** Numbers that payment providers publish for tests. */
const KNOWN: readonly (readonly [scheme: string, number: string])[] = [
  ['Visa', '4242424242424242'],
  ['Visa', '4000056655665556'],
  ['Visa', '4111111111111111'],
  ['Visa', '4012888888881881'],
  ['Visa of 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard', '5105105105105100'],
  ['Mastercard of the 2 series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['American Express', '371449635398431'],
  ['Discover', '6011111111111117'],
  ['Discover', '6011000990139424'],
  ['Diners Club', '3056930009020004'],
  ['Diners Club of 14 digits', '36227206271667'],
  ['Diners Club of 14 digits', '38520000023237'],
  ['BC Card', '6555900000604105'],
  ['JCB', '3566002020360505'],
  ['JCB', '3530111333300000'],
  ['UnionPay', '6200000000000005'],
  ['UnionPay of 19 digits', '6205500000000000004'],
  ['Maestro', '6759649826438453'],
  ['Maestro of 19 digits', '6799990100000000019'],
  ['Dankort', '5019717010103742'],
  ['Bancontact', '6703444444444449'],
  ['Elo', '5066991111111118'],
  ['Hipercard', '6062828888666688'],
];

const number = fc.constantFrom(...KNOWN.map(([, digits]) => digits));
/** As they are printed and typed: together, or in groups of three to six. */
const written = fc
  .tuple(
    number,
    fc.constantFrom('', ' ', '-', '.', '  ', ' - ', '\u00a0', '–'),
    fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 7, maxLength: 7 }),
  )
  .map(([digits, separator, sizes]) => {
    const groups: string[] = [];
    let at = 0;
    for (const size of sizes) {
      // What is left over does not stand alone.
      const end = digits.length - (at + size) < 3 ? digits.length : at + size;
      if (at < digits.length) groups.push(digits.slice(at, end));
      at = end;
    }
    return groups.join(separator);
  });

describe('a card number', () => {
  test.each(KNOWN)('of %s is found: %s', (_, digits) => {
    expect(holdsCardNumber(digits)).toBe(true);
  });

  test('is found however its digits are grouped, and whatever stands around it', () => {
    const before = fc.constantFrom('', 'pan ', 'table 5 ', 'card:', '12 ', '(', 'Ada 2015, ', 'x-', '1234 ', '\n');
    const after = fc.constantFrom(
      '',
      ' 12/27',
      ' 12/27 123',
      ' 123',
      '.',
      ' exp 1227',
      ' 2nd card',
      '-',
      ', thanks',
      '\n',
    );
    fc.assert(
      fc.property(before, written, after, (left, digits, right) => holdsCardNumber(left + digits + right)),
      { numRuns: 5_000 },
    );
  });

  test('is found one digit at a time, and in full-width digits', () => {
    expect(holdsCardNumber('4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2')).toBe(true);
    expect(holdsCardNumber('４２４２４２４２４２４２４２４２')).toBe(true);
  });

  test('with one digit wrong is none', () => {
    fc.assert(
      fc.property(number, fc.nat({ max: 18 }), fc.integer({ min: 1, max: 9 }), (digits, place, by) => {
        const at = place % digits.length;
        const changed = (Number(digits[at]) + by) % 10;
        return !holdsCardNumber(digits.slice(0, at) + changed + digits.slice(at + 1));
      }),
    );
  });
});

describe('what is no card number', () => {
  test('are ids, moments, amounts and what lies inside a longer number or word', () => {
    const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2080-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uuid(),
          fc.constant(null).map(() => v7()),
          fc.constant(null).map(() => v4()),
          fc.constantFrom('42424242-4242-4242-8242-424242424242', '41111111-1111-1111-1111-000000000000'),
          // One in 36,000 has digits of a card's in it.
          fc.constantFrom('order-', 'pay_', 'till 7:', '').map((key) => `${key}35585424-7269-4620-a81d-75ef9e4128c8`),
          fc.uuid().map((id) => `payment-${id}-2`),
          moment.map((at) => at.toISOString()),
          moment.map((at) => at.toISOString().replace('T', ' ').replace('Z', '')),
          moment.map((at) => String(at.getTime())),
          fc.integer({ min: 0, max: 99_999_999_999 }).map(String),
          fc.integer({ min: 0, max: 99_999_999_999 }).map((minor) => `${Math.trunc(minor / 100)}.${minor % 100} EUR`),
          number.map((digits) => `order${digits}`),
          number.map((digits) => `${digits}th`),
        ),
        (text) => !holdsCardNumber(text),
      ),
      { numRuns: 5_000 },
    );
  });
});

test('a row of small numbers is no card number', () => {
  expect(holdsCardNumber('7 42 42 42 42 42 42 42 42 9')).toBe(false);
});

describe('a body', () => {
  const pointerIn = (body: unknown): string | undefined => {
    try {
      refuseCardNumbers(body);
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const told = error.message + JSON.stringify(error.facts);
      expect(KNOWN.filter(([, digits]) => told.includes(digits))).toEqual([]);
      return error.facts.errors?.[0]?.pointer;
    }
  };

  test('is refused with a pointer to any field that holds a card number, never with the number', () => {
    const field = fc.string({ minLength: 1 }).filter((name) => !['phone', 'barcode', '__proto__'].includes(name));
    const path = fc.array(fc.oneof(field, fc.nat({ max: 3 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(path, number, (steps, digits) => {
        const body = steps.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number' ? [...Array<string>(step).fill('note'), inner] : { name: 'Ada', [step]: inner },
          `pan ${digits}`,
        );
        const pointer = steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        expect(pointerIn(body)).toBe(pointer);
      }),
    );
  });

  test('is refused when a field is named like one', () => {
    expect(pointerIn({ lines: [{ '4242424242424242': 1 }] })).toBe('/lines/0');
  });

  test('may hold anything in fields for phone numbers and barcodes', () => {
    expect(pointerIn({ customer: { phone: '4242424242424242' }, item: { barcode: '4222222222222' } })).toBeUndefined();
  });

  test('of bytes is read as text', () => {
    expect(pointerIn(Buffer.from('item;price\nPan 4242 4242 4242 4242;12,50'))).toBe('');
    expect(pointerIn(Buffer.from('item;price\nMargherita;12,50'))).toBeUndefined();
  });
});
