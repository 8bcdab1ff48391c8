import { z } from 'zod';
import { ExchangeRate } from './policies.js';
import { Currency, Instant, Money } from './primitives.js';

/** What a total is about in another currency. Settled, tipped and given back is in the currency of the order. */
export const Displayed = z
  .object({ currency: Currency, rate: ExchangeRate, asOf: Instant, total: Money, paid: Money })
  .meta({ id: 'Displayed' });
export type Displayed = z.infer<typeof Displayed>;

/** Asks for amounts in another currency beside those that are owed. */
export const displayQuery = {
  displayCurrency: Currency.optional().meta({
    description: 'One that the location shows amounts in: the answer then has `display`.',
  }),
};
