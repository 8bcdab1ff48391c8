// k6 run -e API_KEY=… stress.js: each step is 1.4 times the one before; then half of the first. k6 does not look what broke.
import { amount, arriving, NOTHING_WRONG, openShop, tillSells } from './comanda.js';

const { rate, seconds } = amount('stress');
const steps = [0, 1, 2, 3, 4, 5, 6].map((step) => rate * 1.4 ** step);

export const options = {
  scenarios: {
    tills: arriving(rate, [
      ...steps.flatMap((offered) => [
        [offered, 1],
        [offered, seconds],
      ]),
      [rate / 2, 1],
      [rate / 2, 30],
    ]),
  },
  thresholds: NOTHING_WRONG,
};
export const setup = openShop;
export default tillSells;
