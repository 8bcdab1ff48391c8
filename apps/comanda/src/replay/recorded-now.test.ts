import { expect, test } from 'vitest';
import { isRecordedNow } from './recorded-now.js';

const ANSWERED = 'Fri, 06 Mar 2026 19:30:05 GMT';

test.each([
  ['at once', { replayed: false, tries: 1, recordedAt: '2026-03-06T19:30:04.900Z' }, true],
  ['by a try whose answer did not come', { replayed: true, tries: 2, recordedAt: '2026-03-06T19:30:02.500Z' }, true],
  [
    'by an earlier run, which is answered at once',
    { replayed: true, tries: 1, recordedAt: '2026-03-06T19:30:04.900Z' },
    false,
  ],
  [
    'by an earlier run, and the first answer did not come',
    { replayed: true, tries: 2, recordedAt: '2026-03-06T19:29:50Z' },
    false,
  ],
])('an order is recorded %s', (_, { recordedAt, ...sent }, expected) => {
  const answer = { ...sent, data: { recordedAt }, headers: new Headers({ date: ANSWERED }) };
  expect(isRecordedNow(answer, performance.now() - 3_000)).toBe(expected);
});
