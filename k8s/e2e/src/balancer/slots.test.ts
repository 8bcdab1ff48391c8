import { expect, test } from 'vitest';
import type { Address } from './haproxy.js';
import { seat, type Slots } from './slots.js';

const [ONE, TWO, THREE] = ['10.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080'] as const;

test.each<[promise: string, before: Slots, wanted: Address[], after: Slots, commands: string[]]>([
  ['nothing changes for who stays', [ONE, TWO, null], [TWO, ONE], [ONE, TWO, null], []],
  ['who goes gets no more requests', [ONE, TWO, null], [TWO], [null, TWO, null], ['set server b/pod1 state maint']],
  [
    'who comes takes a free place',
    [ONE, null, null],
    [ONE, TWO],
    [ONE, TWO, null],
    ['set server b/pod2 state maint', 'set server b/pod2 addr 10.0.0.2 port 8080', 'set server b/pod2 state ready'],
  ],
  [
    'one goes as another comes, and takes his place',
    [ONE, TWO],
    [TWO, THREE],
    [THREE, TWO],
    ['set server b/pod1 state maint', 'set server b/pod1 addr 10.0.0.3 port 8080', 'set server b/pod1 state ready'],
  ],
  ['who finds no place waits', [ONE], [ONE, TWO], [ONE], []],
  [
    'what was there before us is cleared away',
    [undefined, undefined],
    [],
    [null, null],
    ['set server b/pod1 state maint', 'set server b/pod2 state maint'],
  ],
])('%s', (_promise, before, wanted, after, commands) => {
  expect(seat('b', before, wanted)).toEqual({ slots: after, commands });
});
