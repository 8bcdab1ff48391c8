import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { breaks } from './compatibility.js';
import { jsonSchemaOf } from './json-schema.js';

const before = z.object({
  id: z.string(),
  total: z.int(),
  kind: z.enum(['cash', 'card']),
  note: z.string().optional(),
  lines: z.array(z.object({ price: z.int() })),
});

describe('what readers rely on', () => {
  const read = (after: z.ZodType) =>
    breaks(jsonSchemaOf(before, 'output'), jsonSchemaOf(after, 'output'), 'read from us');

  test.each([
    ['the same', before, []],
    ['a new field', before.extend({ more: z.string() }), []],
    ['a new value', before.extend({ kind: z.enum(['cash', 'card', 'gift_card']) }), []],
    ['a field that is gone', before.omit({ total: true }), ['/total: is gone']],
    ['a field that may be missing', before.extend({ total: z.int().optional() }), ['/total: may be missing now']],
    [
      'a field that may be null',
      before.extend({ total: z.int().nullable() }),
      ['/total: one of its alternatives no longer fits'],
    ],
    ['another type', before.extend({ id: z.int() }), ['/id: was string, is integer']],
    ['a change inside a list', before.extend({ lines: z.array(z.object({})) }), ['/lines/-/price: is gone']],
  ])('%s', (_, after, expected) => {
    expect(read(after as z.ZodType)).toEqual(expected);
  });
});

describe('what senders send', () => {
  const strict = z.strictObject(before.shape);
  const sent = (after: z.ZodType) => breaks(jsonSchemaOf(strict, 'input'), jsonSchemaOf(after, 'input'), 'sent to us');

  test.each([
    ['the same', strict, []],
    ['a new field that may be left out', strict.extend({ more: z.string().optional() }), []],
    ['a field that may now be null', strict.extend({ total: z.int().nullable() }), []],
    ['a new field that must be sent', strict.extend({ more: z.string() }), ['/more: must be sent now']],
    ['a field that is no longer taken', strict.omit({ note: true }), ['/note: is gone']],
    ['a value that is no longer taken', strict.extend({ kind: z.enum(['cash']) }), ['/kind: no longer takes "card"']],
    ['a tighter bound', strict.extend({ id: z.string().max(10) }), ['/id: maxLength is tighter']],
    ['an alternative that is gone', strict.extend({ total: z.string() }), ['/total: was integer, is string']],
  ])('%s', (_, after, expected) => {
    expect(sent(after as z.ZodType)).toEqual(expected);
  });
});

describe('a pattern that lists words', () => {
  const sent = (was: RegExp, is: RegExp) =>
    breaks(jsonSchemaOf(z.string().regex(was), 'input'), jsonSchemaOf(z.string().regex(is), 'input'), 'sent to us');

  test.each([
    ['may list more of them', /^(day|item)(,(day|item))?$/, /^(day|item|staff)(,(day|staff|item))?$/, []],
    ['may not lose one', /^(day|item|staff)$/, /^(day|staff)$/, ['/: its pattern changed']],
    ['may not change around them', /^(day|item)$/, /^(day|item)+$/, ['/: its pattern changed']],
  ])('%s', (_, was, is, expected) => {
    expect(sent(was, is)).toEqual(expected);
  });
});

test('a recursive schema is compared once, not for ever', () => {
  const choice: z.ZodType = z.object({
    id: z.string(),
    get choices() {
      return z.array(choice);
    },
  });
  expect(breaks(jsonSchemaOf(choice, 'output'), jsonSchemaOf(choice, 'output'), 'read from us')).toEqual([]);
});
