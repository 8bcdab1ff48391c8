import type { Scenario } from '../load/scenario.js';
import { nothingWrong, served, within } from '../load/thresholds.js';
import { tillSells } from './journeys.js';

/** Lunch: more and more come, stay, and go. The promises are those that the platform makes for every day. */
export const peak: Scenario = {
  title: 'lunch: tills send orders and take cards, more and more, then as many for a while, then fewer',
  journey: tillSells,
  amount: { rate: 40, seconds: 180, sessions: 0 },
  lasts: 'in all',
  patience: 10,
  connections: 256,
  async play(stage, { rate, seconds }) {
    await stage.step('ramp', { seconds: seconds / 4, from: 0, to: rate });
    await stage.step('hold', { seconds: seconds / 2, from: rate, to: rate });
    await stage.step('afternoon', { seconds: seconds / 4, from: rate, to: 0 });
    return {};
  },
  thresholds: [within('hold', 'place', 50, 40), within('hold', 'place', 99, 300), served('hold', 0.9995), nothingWrong],
};
