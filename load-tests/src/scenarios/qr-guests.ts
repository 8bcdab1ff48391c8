import type { Scenario } from '../load/scenario.js';
import { nothingWrong, served, within } from '../load/thresholds.js';
import { phoneOrders } from './journeys.js';

/** Guests with phones, who think: most of those in the house ask for nothing at this moment. */
export const qrGuests: Scenario = {
  title:
    'guests scan a code, read the menu, think, ask for the price, order for exactly that, pay, look until it is paid',
  journey: phoneOrders,
  amount: { rate: 0, seconds: 180, sessions: 5_000 },
  lasts: 'in all',
  patience: 10,
  connections: 1_024,
  async play(stage, { sessions, seconds }) {
    const rate = sessions / seconds;
    await stage.step('guests', { seconds, from: rate, to: rate });
    await stage.step('last ones', { seconds: STAY, from: 0, to: 0 });
    await stage.finished();
    return {};
  },
  thresholds: [
    within('guests', 'menu', 99, 150),
    within('guests', 'place', 50, 40),
    within('guests', 'place', 99, 300),
    served('guests', 0.9995),
    nothingWrong,
  ],
};

/** Seconds that a guest is there, on average. */
const STAY = 60;
