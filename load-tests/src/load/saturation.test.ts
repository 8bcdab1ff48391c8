import { describe, expect, test } from 'vitest';
import type { Load } from '../machine/gauge.js';
import { firstSaturated, saturated } from './saturation.js';

const IDLE: Load = { client: 0.1, platform: 0.3, postgres: 0.3, machine: 0.8, processors: 4, disk: 0.2 };

describe('what was at its end', () => {
  test.each<[story: string, load: Partial<Load>, resource: ReturnType<typeof saturated>]>([
    ['nothing, on a quiet afternoon', {}, null],
    ['the event loop of the platform', { platform: 0.97 }, 'platform'],
    ['all processors, shared by everybody', { platform: 0.8, postgres: 0.7, machine: 3.9 }, 'machine'],
    ['the disk', { disk: 0.99 }, 'disk'],
    ['the client, whatever else: it measured itself', { client: 0.95, platform: 0.99, machine: 4 }, 'client'],
    ['nothing that can be seen, of a platform elsewhere', { platform: null, postgres: null, disk: null }, null],
  ])('%s', (_story, load, resource) => expect(saturated({ ...IDLE, ...load })).toBe(resource));
});

test('the first step that met its limit is named, with who used what', () => {
  const steps = [
    { name: '50 a second', load: IDLE },
    { name: '75 a second', load: { ...IDLE, platform: 0.96, postgres: 0.5, machine: 2 } },
    { name: '112 a second', load: { ...IDLE, machine: 4 } },
  ];
  expect(firstSaturated(steps)).toBe(
    'In "75 a second" the event loop of the platform’s process was full: platform 0.96, PostgreSQL 0.50, client 0.10, everything else 0.44, of 4 processors, disk 20 %.',
  );
  expect(firstSaturated(steps.slice(0, 1))).toBeNull();
});
