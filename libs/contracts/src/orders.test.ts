import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NewLine } from './orders.js';

const VARIATION = '0199a1b2-7c3d-7e4f-8a5b-000000000001';
const MODIFIER = '0199a1b2-7c3d-7e4f-8a5b-000000000002';

/** A line whose modifiers nest so many levels deep, as it is sent. */
const nested = (levels: number): unknown =>
  JSON.parse(
    `{"variationId":"${VARIATION}","modifiers":[${`{"modifierId":"${MODIFIER}","modifiers":[`.repeat(levels - 1)}{"modifierId":"${MODIFIER}"}${']}'.repeat(levels - 1)}]}`,
  );

describe('modifiers of modifiers', () => {
  test('may nest eight deep', () => {
    expect(NewLine.safeParse(nested(8)).success).toBe(true);
  });

  test.each([9, 10_000])(
    'are refused by the schema when they nest %i deep, however much stack that would take',
    (levels) => {
      const { error } = NewLine.safeParse(nested(levels));
      expect(error?.issues).toEqual([
        expect.objectContaining({ path: ['modifiers'], message: 'Modifiers nest at most 8 deep.' }),
      ]);
    },
  );

  test('are described as what they are, and may be left out', () => {
    const { $defs } = z.toJSONSchema(z.array(NewLine), { io: 'input' });
    expect($defs?.['NewLine']).toMatchObject({
      required: ['variationId'],
      properties: {
        modifiers: { type: 'array', maxItems: 50, items: { $ref: '#/$defs/ModifierChoice' } },
      },
    });
  });
});
