import { testPostgres } from '@comanda/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf } from '../testing/checks-database.js';
import { Columns } from './columns.js';

const uuid = fc.uuid();
const Row = fc.record(
  {
    id: uuid,
    quantity: fc.option(fc.maxSafeInteger().map(String)),
    name: fc.option(
      fc.oneof(
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
        fc.constantFrom('', 'null', 'NULL', '{}', '"', '\\', 'a,b', ' a ', '\n', '{"a": "\\"}', '0b1', '-', '1 2'),
      ),
    ),
    at: fc.option(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
    day: fc.constant('2026-03-28'),
    sent: fc.option(fc.boolean()),
    names: fc.option(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)))),
    word: fc.option(fc.oneof(fc.string(), fc.constantFrom('null', 'a "b" \\'))),
  },
  { requiredKeys: ['id', 'day'] },
);
const withoutNul = (value: unknown): boolean => !JSON.stringify(value).includes(String.raw`\u0000`);

test('rows arrive as they were sent, whatever is in them', async () => {
  const client = await clientOf((await testPostgres()).url);
  const columns = new Columns(
    {
      id: 'uuid',
      quantity: 'bigint',
      name: 'text',
      at: 'timestamptz',
      day: 'date',
      sent: 'boolean',
      names: 'jsonb',
      word: 'json',
    },
    2,
  );
  const text = `select $1::int as house, id, quantity, name, at, day::text, sent, names, word from ${columns.given}`;
  await fc.assert(
    fc.asyncProperty(fc.array(Row.filter(withoutNul), { maxLength: 8 }), async (rows) => {
      const { rows: arrived } = await client.query(text, [7, ...columns.of(rows)]);
      const nothing = { quantity: null, name: null, at: null, sent: null, names: null, word: null };
      expect(arrived).toEqual(rows.map((row) => ({ house: 7, ...nothing, ...row })));
    }),
    { numRuns: 200 },
  );
});
