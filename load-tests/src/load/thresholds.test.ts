import { describe, expect, test } from 'vitest';
import type { Run, StepReport } from './run-report.js';
import { fact, judge, nothingWrong, nothingWrongBut, served, type Threshold, within } from './thresholds.js';

/** A step in which 1,000 guests came, 999 were served, and orders took 250 ms at worst. */
const HOLD: StepReport = {
  name: 'hold',
  seconds: 10,
  from: 100,
  to: 100,
  came: 1_000,
  served: 999,
  goodput: 99.9,
  atOnce: 20,
  unsent: 0,
  lateness: 1,
  waits: { p50: 30, p90: 100, p99: 250, p999: 300, max: 400 },
  questions: {
    place: { answered: 1_000, p50: 20, p90: 90, p99: 250, p999: 300, max: 400, turnedAway: 1, told: {} },
  },
  load: { client: 0, platform: 0, postgres: 0, machine: 0, processors: 2, disk: 0 },
};
const RUN: Run = { steps: [HOLD], facts: { 'as before after, s': 4, 'never measured': null } };

describe('a figure is judged', () => {
  test.each<[story: string, threshold: Threshold, verdict: string]>([
    ['fast enough', within('hold', 'place', 99, 300), 'met'],
    ['just fast enough', within('hold', 'place', 99, 250), 'met'],
    ['too slow', within('hold', 'place', 99, 249), 'missed'],
    ['a question that nobody asked', within('hold', 'menu', 99, 150), 'not measured'],
    ['a step that never came', within('crowd', 'place', 99, 300), 'not measured'],
    ['enough were served', served('hold', 0.999), 'met'],
    ['too few were served', served('hold', 0.9995), 'missed'],
    ['soon as before', fact('as before after, s', { atMost: 10 }), 'met'],
    ['not that soon', fact('as before after, s', { atMost: 3 }), 'missed'],
    ['never as before', fact('never measured', { atMost: 10 }), 'missed'],
    ['nobody was told what nobody should be', nothingWrong, 'met'],
  ])('%s', (_story, threshold, verdict) => {
    expect(judge([threshold], RUN)).toMatchObject([{ verdict }]);
  });

  test('one wrong answer in any step is too many, but where it may be told', () => {
    const place = { ...HOLD.questions.place!, told: { '503, come back': 7, '422 payment_declined': 1 } };
    const run = { ...RUN, steps: [HOLD, { ...HOLD, questions: { place } }] };
    expect(judge([nothingWrong, nothingWrongBut('422 payment_declined')], run)).toEqual([
      { what: 'answers that nobody should get', wanted: 'at most 0', found: 1, verdict: 'missed' },
      { what: 'answers that nobody should get', wanted: 'at most 0', found: 0, verdict: 'met' },
    ]);
  });

  test('who was never sent, for this client was full, was not given what they wanted', () => {
    expect(judge([nothingWrong], { ...RUN, steps: [{ ...HOLD, unsent: 2 }] })).toMatchObject([{ found: 2 }]);
  });
});
