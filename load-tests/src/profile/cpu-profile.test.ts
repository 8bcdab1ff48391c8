import { expect, test } from 'vitest';
import { topSelfTimes } from './cpu-profile.js';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

test('what took most time by itself comes first, and idling is no time', () => {
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('price', 'file:///srv/comanda/libs/pricing/dist/src/price.js', 41) },
      { id: 3, callFrame: frame('write', 'file:///srv/comanda/node_modules/pg/lib/client.js', 9) },
      { id: 4, callFrame: frame('price', 'file:///srv/comanda/libs/pricing/dist/src/price.js', 41) },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [900, 10, 50, 40],
  };
  expect(topSelfTimes(profile, 5)).toEqual([
    { name: 'price', place: 'libs/pricing/dist/src/price.js:42', share: 0.5 },
    { name: 'write', place: 'pg/lib/client.js:10', share: 0.5 },
  ]);
  expect(topSelfTimes(profile, 1)).toHaveLength(1);
});
