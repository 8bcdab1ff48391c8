import { z } from 'zod';
import { Amount, Currency, PositiveAmount } from '../primitives.js';

const atMost50 = (prices: object): boolean => Object.keys(prices).length <= 50;

/** What something costs in each currency the chain sells in. */
export const Prices = z
  .record(Currency, PositiveAmount)
  .refine(atMost50, 'At most 50 currencies.')
  .meta({
    id: 'Prices',
    description: 'Currency to whole minor units. A location sells at the price in its own currency.',
    maxProperties: 50,
    examples: [{ USD: 1275, EUR: 1190 }],
  });
export type Prices = z.infer<typeof Prices>;

/** What a choice adds to the price; below zero it takes off. */
export const PriceDifferences = z
  .record(Currency, Amount)
  .refine(atMost50, 'At most 50 currencies.')
  .meta({
    id: 'PriceDifferences',
    description: 'Currency to whole minor units, below zero when it makes the item cheaper. Empty: free everywhere.',
    maxProperties: 50,
    examples: [{ USD: 150, EUR: 150 }],
  });
