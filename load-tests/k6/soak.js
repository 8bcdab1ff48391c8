// k6 run -e API_KEY=… soak.js: the same rate for a long time.
import { amount, arriving, NOTHING_WRONG, openShop, tillSells } from './comanda.js';

const { rate, seconds } = amount('soak');

export const options = {
  scenarios: { tills: arriving(rate, [[rate, seconds]]) },
  thresholds: { ...NOTHING_WRONG, 'http_req_duration{name:place}': ['p(99)<300'] },
};
export const setup = openShop;
export default tillSells;
