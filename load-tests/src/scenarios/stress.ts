import type { Scenario } from '../load/scenario.js';
import type { Stage, Step } from '../load/stage.js';
import { fact, nothingWrong } from '../load/thresholds.js';
import { Recovery } from '../measures/recovery.js';
import { ratio, rounded } from '../report/table.js';
import { tillSells } from './journeys.js';

/** Each step is so much more than the one before. */
const STEEPER = 1.4;
/** Where less than this of what comes is served, it has broken. */
const HOLDS = 0.9;
const MOST_STEPS = 16;
/** Seconds for which the time after the crowd is watched. */
const WATCHED = 30;

/** More and more until it breaks; three times of what held; then half of it. */
export const stress: Scenario = {
  title: 'more and more until less is served than comes; then three times what was kept up; then half of it',
  journey: tillSells,
  amount: { rate: 40, seconds: 15, sessions: 0 },
  lasts: 'each step',
  patience: 0,
  connections: 1_024,
  async play(stage, { rate, seconds }) {
    const keptUp = await climb(stage, rate, seconds);
    const most = keptUp * 3;
    const crowd = await stage.step('three times', { seconds, from: most, to: most });
    const recovery = new Recovery();
    const calm = { seconds: WATCHED, from: keptUp / 2, to: keptUp / 2 };
    await stage.step('half', calm, (visit) => recovery.note(visit));
    await stage.finished();
    return {
      'kept up, a second': rounded(keptUp),
      'served of three times as many, to that': ratio(crowd.goodput, keptUp),
      'as before after, s': recovery.seconds(),
    };
  },
  thresholds: [
    fact('served of three times as many, to that', { atLeast: 0.8 }),
    fact('as before after, s', { atMost: 10 }),
    nothingWrong,
  ],
};

/** @returns the most that was served in any step, a second */
async function climb(stage: Stage, rate: number, seconds: number): Promise<number> {
  const steps: Step[] = [];
  for (let offered = rate; steps.length < MOST_STEPS && !stage.signal.aborted; offered *= STEEPER) {
    const step = await stage.step(`${rounded(offered)} a second`, { seconds, from: offered, to: offered });
    steps.push(step);
    if (step.goodput < HOLDS * step.offered) break;
  }
  return Math.max(...steps.map(({ goodput }) => goodput));
}
