import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { statementsOf, withNumbers } from './pgbench.js';

const script = readFileSync(fileURLToPath(new URL('../../peers/pg/place-order.sql', import.meta.url)), 'utf8');

test('an order is one transaction of six round trips', () => {
  const beginnings = statementsOf(script).map((statement) => statement.split(' ').slice(0, 3).join(' '));
  expect(beginnings).toEqual([
    'begin',
    'insert into idempotency',
    'insert into orders\nvalues',
    'insert into order_lines\nvalues\n',
    'insert into outbox',
    'commit',
  ]);
});

test('nothing of pgbench is left where node-postgres sends it', () => {
  const sent = statementsOf(script).map((statement) => withNumbers(statement, 7, 11));
  expect(sent.join('\n')).not.toMatch(/[( ]:[ab]\b|\\set/);
  expect(sent[1]).toContain('to_hex((7)::bigint) || to_hex((11)::bigint)');
});
