import { expect, test } from 'vitest';
import { CommandFailure, sentenceOf } from './failure.js';

const failed = (message: string, facts: object = {}) => Object.assign(new Error(message), facts);

test.each([
  [new CommandFailure('There is nothing to import.'), 'There is nothing to import.'],
  [
    failed('password authentication failed for user "orders_app"', { code: '28P01' }),
    'The database refused the log-in (password authentication failed for user "orders_app"): run comanda migrate first, or give the COMANDA_SECRET that it was migrated with.',
  ],
  [
    failed('database "orders" does not exist', { code: '3D000' }),
    'There is no such database (database "orders" does not exist): run comanda migrate first.',
  ],
  [
    failed('relation "outbox" does not exist', { code: '42P01' }),
    'A table is missing (relation "outbox" does not exist): run comanda migrate first.',
  ],
  [failed('no space left', { code: 'ENOSPC' }), 'The disk is full.'],
])('%s is one sentence to whoever typed the command', async (error, sentence) => {
  expect(await sentenceOf(error)).toBe(sentence);
});

test.each([
  failed('Cannot read properties of undefined'),
  failed('syntax error', { code: '42601' }),
  'thrown',
  undefined,
])('%s is a defect of ours, and shows its stack', async (error) => {
  expect(await sentenceOf(error)).toBeUndefined();
});
