import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cpuIn, cpuOf, parsePs, parseStat, residentMemory } from './cpu.js';

test('a line of /proc is read by its fields, whatever the program is called', () => {
  const line = `4242 (postgres: a (b) c) S 17 4242 4242 0 -1 4194560 1 2 3 4 150 50 7 3 20 0 1 0 9 10 11`;
  expect(parseStat(line)).toEqual({ pid: 4242, parent: 17, own: 2_000, reaped: 100 });
});

test('what ps prints is read on every system', () => {
  expect(parsePs('    1     0 0:01.50\n   42     1 01:02:03\n    7     1 2-00:00:01\n')).toEqual([
    { pid: 1, parent: 0, own: 1_500, reaped: 0 },
    { pid: 42, parent: 1, own: 3_723_000, reaped: 0 },
    { pid: 7, parent: 1, own: 172_801_000, reaped: 0 },
  ]);
});

describe('a server costs what its processes cost', () => {
  const times = [
    { pid: 10, parent: 1, own: 5, reaped: 100 },
    { pid: 11, parent: 10, own: 20, reaped: 0 },
    { pid: 12, parent: 11, own: 3, reaped: 4 },
    { pid: 99, parent: 1, own: 1_000, reaped: 0 },
  ];
  test.each([
    ['alone', 10, false, 5],
    ['with children and theirs, those that have ended included', 10, true, 132],
    ['nothing, once it has ended', 13, true, 0],
  ])('%s', (_who, pid, family, expected) => expect(cpuIn(times, pid, family)).toBe(expected));
});

test('this very process has used some, and holds some memory', async () => {
  const before = cpuOf(process.pid);
  while (cpuOf(process.pid) === before) await breathe();
  expect(residentMemory(process.pid)).toBeGreaterThan(10_000_000);
});
