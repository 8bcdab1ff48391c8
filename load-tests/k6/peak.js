// k6 run -e API_KEY=… peak.js: lunch. More and more come, stay, and go.
import { amount, arriving, NOTHING_WRONG, openShop, tillSells } from './comanda.js';

const { rate, seconds } = amount('peak');

export const options = {
  scenarios: {
    tills: arriving(0, [
      [rate, seconds / 4],
      [rate, seconds / 2],
      [0, seconds / 4],
    ]),
  },
  thresholds: { ...NOTHING_WRONG, 'http_req_duration{name:place}': ['p(50)<40', 'p(99)<300'] },
};
export const setup = openShop;
export default tillSells;
