import { expect, test } from 'vitest';
import { jsonIn } from './run-to-end.js';

test.each<[what: string, said: string, found: unknown]>([
  ['an object', '{\n  "locations": [\n    {\n      "id": "1"\n    }\n  ]\n}\n', { locations: [{ id: '1' }] }],
  ['a list', '[\n  {\n    "ran": []\n  }\n]\n', [{ ran: [] }]],
  ['in one line', '{"a":1}\n', { a: 1 }],
  ['after what went to stderr', '     3 s  loading\n(node:1) Warning [what]: {\n{\n  "a": 1\n}\n', { a: 1 }],
  ['before it', '[\n  1\n]\nOne does not hold.\n', [1]],
])('JSON is found among what was said: %s', (_what, said, found) => {
  expect(jsonIn(said)).toEqual(found);
});

test('where there is none, it is told what was said', () => {
  expect(() => jsonIn('There is no database.\n')).toThrow('There is no database.');
});
