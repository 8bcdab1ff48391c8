// k6 run -e API_KEY=… qr-guests.js: guests with phones, who think.
import { amount, arriving, NOTHING_WRONG, openShop, phoneOrders } from './comanda.js';

const { sessions, seconds } = amount('qr-guests');
const rate = sessions / seconds;

export const options = {
  scenarios: { guests: { ...arriving(rate, [[rate, seconds]], 5000), gracefulStop: '120s' } },
  thresholds: {
    ...NOTHING_WRONG,
    'http_req_duration{name:menu}': ['p(99)<150'],
    'http_req_duration{name:place}': ['p(50)<40', 'p(99)<300'],
  },
};
export const setup = openShop;
export default phoneOrders;
