// k6 run -e API_KEY=… spike.js: within ten seconds ten times as many come.
import { amount, arriving, NOTHING_WRONG, openShop, tillSells } from './comanda.js';

const { rate, seconds } = amount('spike');
const part = seconds / 4;

export const options = {
  scenarios: {
    tills: arriving(rate, [
      [rate, part],
      [rate * 10, Math.min(10, part)],
      [rate * 10, part],
      [rate, 0],
      [rate, Math.max(15, part)],
    ]),
  },
  thresholds: NOTHING_WRONG,
};
export const setup = openShop;
export default tillSells;
