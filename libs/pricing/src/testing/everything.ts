import type { Cart } from '../cart.js';
import { price, PricingError, refundOf, splitBySeat, splitEvenly, wallClock } from '../index.js';

/** All that the engine says of a cart, as bytes: its price, shares and refunds, or why it has none. Both are JSON. */
export function everythingOf(json: string): string {
  try {
    const cart: Cart = JSON.parse(json);
    const priced = price(cart);
    const first = priced.lines.slice(0, 1).map(({ id }) => ({ lineId: id, quantity: 1, already: 0 }));
    return JSON.stringify({
      priced,
      evenly: splitEvenly(priced, 3),
      bySeat: priced.lines.some(({ seat }) => seat !== null) ? splitBySeat(priced) : [],
      refund: refundOf(priced, first),
    });
  } catch (error) {
    if (error instanceof PricingError) return JSON.stringify({ code: error.code, message: error.message });
    throw error;
  }
}

/** What the clock on a wall shows at an instant, as bytes. */
export const clockAt = (instant: string, timeZone: string): string =>
  JSON.stringify(wallClock(new Date(instant), timeZone));
