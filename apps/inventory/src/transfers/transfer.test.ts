import { TransferStatus } from '@comanda/contracts';
import { expect, test } from 'vitest';
import { become } from './transfer.js';

test.each([
  ['shipped', ['partly_received', 'received', 'closed']],
  ['partly_received', ['partly_received', 'received', 'closed']],
  ['received', []],
  ['closed', []],
] as const)('a transfer that is %s becomes %o, and nothing else', (from, next) => {
  const can = (to: TransferStatus): boolean => {
    try {
      return become(from, to) === to;
    } catch {
      return false;
    }
  };
  expect(TransferStatus.options.filter(can)).toEqual(next);
});
