import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sectionIn, sectionText } from '../report/section.js';
import { capacityFor, capacityTables, DEFAULT_CHAIN } from './capacity.js';
import { MEASURED, unitCostsIn } from './unit-costs.js';

/** An order costs orders 6 ms, and everybody else nothing. */
const COSTS = {
  ...MEASURED,
  cpuMs: { identity: 0, catalog: 0, orders: 6, payments: 0, inventory: 0, loyalty: 0, integrations: 0, reporting: 0 },
  events: { orders: 2 },
};

describe('what a chain needs', () => {
  test('a hundred orders a second at 6 ms are 0.6 of a processor, which is two pods; a service that has nothing to do has two as well', () => {
    const chain = { ...DEFAULT_CHAIN, locations: 1_000, ordersInBusiestHour: 360, busiestMinute: 1 };
    expect(capacityFor(chain, COSTS)).toMatchObject({
      ordersPerSecond: 100,
      cores: { orders: 0.6 },
      pods: { orders: 2, payments: 2 },
      connections: 8 * 2 * 13,
      eventsPerSecond: { orders: 200 },
    });
  });

  test('ten times as many orders are ten times as much work, bytes and rows', () => {
    const chain = { ...DEFAULT_CHAIN, locations: 10_000, ordersInBusiestHour: 360, busiestMinute: 1 };
    expect(capacityFor(chain, COSTS)).toMatchObject({
      ordersPerSecond: 1_000,
      cores: { orders: 6 },
      pods: { orders: 11 },
      walBytesPerSecond: MEASURED.walBytes * 1_000,
      rowsPerSecond: MEASURED.rowsInserted * 1_000,
    });
  });

  test('more pods than a topic has partitions ask for more partitions', () => {
    const chain = { ...DEFAULT_CHAIN, locations: 20_000, ordersInBusiestHour: 360, busiestMinute: 1 };
    expect(capacityFor(chain, COSTS)).toMatchObject({ pods: { orders: 22 }, partitions: 22 });
    expect(capacityFor(DEFAULT_CHAIN, COSTS).partitions).toBe(12);
  });
});

describe('costs of another run', () => {
  const report = (cost: object | null): string => JSON.stringify({ scenario: 'peak', cost });

  test('are of one order, and fall on the services as they were measured', () => {
    const costs = unitCostsIn(report({ platformCpuSeconds: 8, postgresCpuSeconds: 5, rowsInserted: 85_000 }), 'a.json');
    expect(costs).toMatchObject({ postgresCpuMs: 5, rowsInserted: 85 });
    const all = Object.values(costs.cpuMs).reduce((sum, ms) => sum + ms, 0);
    expect(all).toBeCloseTo(8);
    expect(costs.cpuMs.orders / all).toBeCloseTo(
      MEASURED.cpuMs.orders / Object.values(MEASURED.cpuMs).reduce((sum, ms) => sum + ms, 0),
    );
  });

  test.each([report(null), '{}', 'no JSON'])('%s has none, and says so', (text) => {
    expect(() => unitCostsIn(text, 'a.json')).toThrow('a.json has no costs');
  });
});

test('docs/load-tests.md shows what the command prints', () => {
  const { intro, tables } = capacityTables(DEFAULT_CHAIN);
  const document = readFileSync(new URL('../../../docs/load-tests.md', import.meta.url), 'utf8');
  expect(sectionIn(document, 'capacity')).toBe(sectionText({ title: 'Capacity', intro, tables }));
});
