import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blindIndex, newKey, open, placeOf, seal } from './customer-cipher.js';

const [key, other] = [newKey(), newKey()];
const place = placeOf('ada', 'particulars');

describe('what is sealed', () => {
  test('opens as it was, and twice the same looks different', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [one, two] = [seal(key, text, place), seal(key, text, place)];
        expect(one.equals(two)).toBe(false);
        expect(open(key, one, place).toString()).toBe(text);
      }),
    );
  });

  test.each([
    ['with another key', () => open(other, seal(key, 'Ada', place), place)],
    ['in another row', () => open(key, seal(key, 'Ada', place), placeOf('ben', 'particulars'))],
    ['in another column', () => open(key, seal(key, 'Ada', place), placeOf('ada', 'wrapped_key'))],
    ['cut short', () => open(key, seal(key, 'Ada', place).subarray(0, -1), place)],
    ['cut to its nonce', () => open(key, seal(key, 'Ada', place).subarray(0, 20), place)],
  ])('does not open %s', (_, opening) => {
    expect(opening).toThrow();
  });

  test('does not open when any byte of it was changed', () => {
    const sealed = seal(key, 'Ada Lovelace', place);
    for (const at of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(key, changed, place), String(at)).toThrow();
    }
  });
});

describe('a blind index', () => {
  test.each([
    ['phone', '+1 (312) 555-0142', '13125550142'],
    ['phone', '0044 20 7946 0958', '+44.20.7946.0958'],
    ['email', 'Ada@Example.com', ' ada@example.com '],
  ] as const)('of a %s is the same for %s and %s', (field, one, two) => {
    expect(blindIndex(key, field, one)).toBe(blindIndex(key, field, two));
  });

  test('says nothing across fields or organizations', () => {
    const indexes = [
      blindIndex(key, 'phone', '13125550142'),
      blindIndex(key, 'email', '13125550142'),
      blindIndex(other, 'phone', '13125550142'),
    ];
    expect(new Set(indexes).size).toBe(3);
  });
});
