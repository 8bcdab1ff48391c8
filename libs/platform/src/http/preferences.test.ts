import { expect, test } from 'vitest';
import { preferencesIn } from './preferences.js';

test.each<[string | undefined, [string, number][]]>([
  [undefined, []],
  ['', []],
  ['*', [['*', 1]]],
  ['zh-CN', [['zh-cn', 1]]],
  [
    'en;q=0.8, zh-CN',
    [
      ['zh-cn', 1],
      ['en', 0.8],
    ],
  ],
  [
    'da, en-GB;q=0.8, en;q=0.7',
    [
      ['da', 1],
      ['en-gb', 0.8],
      ['en', 0.7],
    ],
  ],
  [
    'fr;q=0.5,de;q=0.5',
    [
      ['fr', 0.5],
      ['de', 0.5],
    ],
  ],
  [
    'text/html;level=1;q=0.3, text/csv;header=present',
    [
      ['text/csv', 1],
      ['text/html', 0.3],
    ],
  ],
  ['en;q=0', [['en', 0]]],
  ['en;q=lots, de;q=2, it;q=-1, ;q=1, es', [['es', 1]]],
])('of %j are wanted, the dearest first: %j', (header, wanted) => {
  expect(preferencesIn(header).map(({ value, quality }) => [value, quality])).toEqual(wanted);
});
