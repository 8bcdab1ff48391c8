import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dealUnits, divide, sumColumns } from './columns.js';

const amounts = fc.array(fc.nat(50), { minLength: 1, maxLength: 6 });

test('whatever the weights, columns sum, and a weight of zero gets nothing', () => {
  const weights = fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(amounts, amounts, weights, (owed, noted, parts) => {
      fc.pre(parts.some((part) => part > 0));
      const shares = divide({ owed, noted }, parts);
      expect(sumColumns(shares, { owed, noted })).toEqual({ owed, noted });
      for (const [at, share] of shares.entries()) {
        const cells = [...share.owed, ...share.noted];
        expect(cells.every((cell) => cell >= 0)).toBe(true);
        if (parts[at] === 0) expect(cells.every((cell) => cell === 0)).toBe(true);
      }
    }),
    { seed: 6, numRuns: 20_000 },
  );
});

test('a share of all columns together is within two cents of its exact part', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(amounts, weights, (owed, parts) => {
      const whole = parts.reduce((sum, part) => sum + part);
      const total = owed.reduce((sum, column) => sum + column);
      for (const [at, share] of divide({ owed, noted: [] }, parts).entries()) {
        const off = share.owed.reduce((sum, cell) => sum + cell) * whole - total * (parts[at] ?? 0);
        expect(Math.abs(off)).toBeLessThan(2 * whole);
      }
    }),
    { seed: 7, numRuns: 20_000 },
  );
});

test('dealing units comes to the same as dividing by equal weights', () => {
  fc.assert(
    fc.property(amounts, amounts, fc.integer({ min: 1, max: 9 }), fc.nat(9), fc.nat(9), (owed, noted, units, a, b) => {
      const [from, to] = [Math.min(a, b, units), Math.min(Math.max(a, b), units)];
      const each = divide({ owed, noted }, Array<number>(units).fill(1));
      expect(dealUnits({ owed, noted }, units, from, to)).toEqual(sumColumns(each.slice(from, to), { owed, noted }));
    }),
    { seed: 5, numRuns: 5_000 },
  );
});
