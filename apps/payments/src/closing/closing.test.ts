import { describe, expect, test } from 'vitest';
import { bill, payment } from '../testing/builders.js';
import { alertsFor, atClosing } from './closing.js';

const held = payment({ status: 'authorized', amount: 30_00, authorized: 30_00 });
const holding = bill({ total: 30_00, authorized: 30_00 });

describe('an authorisation that is open when its location closes', () => {
  test.each([
    ['is captured as it is', held, holding, 'capture', { kind: 'capture', amount: 30_00 }],
    ['is let go', held, holding, 'void', { kind: 'void' }],
    ['is kept', held, holding, 'keep', null],
    [
      'is captured for what the bill fell to',
      held,
      { ...holding, total: 12_00 },
      'capture',
      { kind: 'capture', amount: 12_00 },
    ],
    ['is let go when somebody paid otherwise', held, { ...holding, settled: 30_00 }, 'capture', { kind: 'void' }],
    [
      'is captured for its tip alone',
      { ...held, tip: 3_00 },
      { ...holding, total: 0 },
      'capture',
      { kind: 'capture', amount: 0 },
    ],
    [
      'is captured for what its tab came to, as far as its card bears it',
      { ...held, amount: 0, hold: 30_00, tipAllowance: 6_00 },
      { ...holding, total: 40_00, authorized: 0 },
      'capture',
      { kind: 'capture', amount: 36_00 },
    ],
  ] as const)('%s', (_, payment, bill, policy, step) => {
    expect(atClosing(payment, bill, policy)).toEqual(step);
  });

  test('is told of once its day is over, and again on the last day that it is held', () => {
    const kinds = (day: string, at: string) => alertsFor(held, day, 7, new Date(at)).map(({ kind }) => kind);
    expect(kinds('2026-03-06', '2026-03-07T03:00:00Z')).toEqual([]);
    expect(kinds('2026-03-07', '2026-03-07T12:00:00Z')).toEqual(['authorization_open']);
    expect(kinds('2026-03-12', '2026-03-12T17:59:59Z')).toEqual(['authorization_open']);
    expect(kinds('2026-03-12', '2026-03-12T18:00:01Z')).toEqual(['authorization_open', 'authorization_expiring']);
    expect(alertsFor(held, '2026-03-12', 7, new Date('2026-03-12T18:00:01Z'))[1]?.dueAt).toEqual(
      new Date('2026-03-13T18:00:00Z'),
    );
  });
});
