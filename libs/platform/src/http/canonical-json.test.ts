import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.js';

/** The same value, with the fields of each of its objects the other way round. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, turned(part)] as const)
      .reverse(),
  );
};

test('values that are equal have one text, in whatever order their fields came', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
    }),
  );
});

test('values that differ have different texts', () => {
  const differ = (one: unknown, other: unknown) => expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  differ({ covers: 2 }, { covers: '2' });
  differ({ note: null }, {});
  differ(['soup', 'fish'], ['fish', 'soup']);
  differ({ lines: [{ a: 1 }, { b: 1 }] }, { lines: [{ a: 1, b: 1 }] });
  differ({ 1: 'a', 2: 'b' }, { 1: 'b', 2: 'a' });
});

test('nothing of a value is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the text is written without spaces, fields by name', () => {
  expect(canonicalJson({ table: '12', lines: [{ qty: 2, name: 'Soup' }], covers: 2 })).toBe(
    '{"covers":2,"lines":[{"name":"Soup","qty":2}],"table":"12"}',
  );
});
