import { describe, expect, test } from 'vitest';
import { isKept, reportOf, tableOf } from './report.js';
import type { Outcome } from './step.js';

const outcome = (given: Partial<Outcome>): Outcome => ({
  name: 'upgrade',
  title: 'helm upgrade under load',
  ok: true,
  seconds: 61,
  figures: { requests: 1200, failed: 0 },
  failedRequests: 0,
  lost: 0,
  duplicated: 0,
  ...given,
});

test('JSON has each step with its figures, and the sums over all', () => {
  const steps = [
    outcome({ failedRequests: 1 }),
    outcome({ name: 'pods', ok: false, problem: 'One died.', lost: 2, duplicated: 3 }),
  ];
  expect(reportOf(steps)).toEqual({
    steps: [
      { name: 'upgrade', ok: true, seconds: 61, figures: { requests: 1200, failed: 0 } },
      { name: 'pods', ok: false, seconds: 61, figures: { requests: 1200, failed: 0 }, problem: 'One died.' },
    ],
    failedRequests: 1,
    lost: 2,
    duplicated: 3,
  });
});

describe('every promise was kept', () => {
  test.each<[when: string, outcomes: Outcome[], kept: boolean]>([
    ['when every step is ok', [outcome({})], true],
    ['not when one is not', [outcome({}), outcome({ ok: false })], false],
    ['not when a request failed', [outcome({ failedRequests: 1 })], false],
    ['not when something is lost', [outcome({ lost: 1 })], false],
    ['not when something is there twice', [outcome({ duplicated: 1 })], false],
    ['not when nothing was done', [], false],
  ])('%s', (_when, outcomes, kept) => {
    expect(isKept(reportOf(outcomes))).toBe(kept);
  });
});

test('the table has a row for each step, its figures and its verdict, and says what is wrong', () => {
  expect(tableOf([outcome({}), outcome({ name: 'pods', ok: false, problem: 'One died.', lost: 2 })])).toBe(
    `| step    | what is done            | what was seen           | took | verdict |
| ------- | ----------------------- | ----------------------- | ---- | ------- |
| upgrade | helm upgrade under load | requests 1200; failed 0 | 61 s | kept    |
| pods    | helm upgrade under load | requests 1200; failed 0 | 61 s | BROKEN  |

pods: One died.
0 requests failed where none may, 2 acknowledged operations lost, 0 duplicated.
`,
  );
});
