import { expect, test } from 'vitest';
import { parseDiskStats } from './disk.js';

test('how long each disk was busy, without those that are none', () => {
  const text = [
    '   7       0 loop0 10 0 20 30 0 0 0 0 0 40 50 0 0 0 0 0 0',
    ' 254       0 vda 22031 3562 2221450 6221 53301 40318 2503242 41218 0 31412 47683 0 0 0 0 2410 243',
    ' 259       1 nvme0n1 1 2 3 4 5 6 7 8 9 1234 11 12 13 14 15 16 17',
    '',
  ].join('\n');
  expect([...parseDiskStats(text)]).toEqual([
    ['vda', 31_412],
    ['nvme0n1', 1_234],
  ]);
});
