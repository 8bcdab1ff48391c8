import { expect, test } from 'vitest';
import { Latencies } from './latencies.js';

const of = (...milliseconds: number[]): Latencies => {
  const latencies = new Latencies();
  for (const each of milliseconds) latencies.record(each);
  return latencies;
};

test('half of the guests waited no longer than the median', () => {
  const latencies = of(...Array.from({ length: 100 }, (_, index) => index + 1));
  expect(latencies.percentile(50)).toBeCloseTo(50, 0);
  expect(latencies.percentile(99)).toBeCloseTo(99, 0);
});

test.each([0.02, 3.5, 120, 60_000])('%d ms are kept to three digits', (milliseconds) => {
  const kept = of(milliseconds).percentile(100) ?? 0;
  expect(Math.abs(kept - milliseconds) / milliseconds).toBeLessThan(0.001);
});

test('two turns are one measurement', () => {
  const both = of(1, 2);
  both.add(of(3, 4));
  expect(both.count).toBe(4);
  expect(both.percentile(100)).toBeCloseTo(4, 1);
});

test('where nothing was measured there is no figure', () => {
  expect(of().percentile(50)).toBeNull();
});

test('an hour is the longest that is kept', () => {
  expect(of(86_400_000).percentile(100)).toBeCloseTo(3_600_000, -4);
});
