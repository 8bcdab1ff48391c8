import type { Scenario } from '../load/scenario.js';
import { fact, nothingWrong } from '../load/thresholds.js';
import { Recovery } from '../measures/recovery.js';
import { ratio } from '../report/table.js';
import { tillSells } from './journeys.js';

/** Seconds from the evening as it was to the whole crowd, and how often the rate. */
const RISES_IN = 10;
const TIMES = 10;

/** A bus stops in front of every door: those who cannot be served are told so at once, the others are, and then all is well. */
export const spike: Scenario = {
  title: `within ${RISES_IN} s ${TIMES} times as many come; whoever is told to come back does not`,
  journey: tillSells,
  amount: { rate: 30, seconds: 120, sessions: 0 },
  lasts: 'in all',
  patience: 0,
  connections: 1_024,
  async play(stage, { rate, seconds }) {
    const part = seconds / 4;
    const before = await stage.step('before', { seconds: part, from: rate, to: rate });
    await stage.step('rise', { seconds: Math.min(RISES_IN, part), from: rate, to: rate * TIMES });
    const crowd = await stage.step('crowd', { seconds: part, from: rate * TIMES, to: rate * TIMES });
    const recovery = new Recovery();
    await stage.step('after', { seconds: Math.max(15, part), from: rate, to: rate }, (visit) => recovery.note(visit));
    await stage.finished();
    return {
      'served in the crowd, to those before': ratio(crowd.goodput, before.goodput),
      'as before after, s': recovery.seconds(),
    };
  },
  thresholds: [
    fact('served in the crowd, to those before', { atLeast: 1 }),
    fact('as before after, s', { atMost: 10 }),
    nothingWrong,
  ],
};
