import { z } from 'zod';
import { Amount, Code, Currency, Id, PositiveAmount, Texts } from '../primitives.js';

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

/** Prices of certain times. */
export const timedPrices = z
  .array(z.strictObject({ scheduleId: Id, prices: Prices }).meta({ id: 'TimedPrice' }))
  .max(20)
  .meta({
    description:
      'Instead of its price at the times of a schedule, such as happy hour: the first whose time it is counts.',
  });

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

/** What a choice adds in certain sizes of the item. */
export const SizePrices = z
  .array(z.strictObject({ size: Code, prices: PriceDifferences }).meta({ id: 'SizePrice' }))
  .max(20)
  .meta({ description: 'Instead of its price in these sizes of the item: its variation says which size it is.' });

/** What the first, the second, … choice of a group adds, whichever it is. */
export const SequencePrices = z
  .array(z.strictObject({ prices: PriceDifferences, sizePrices: SizePrices }).meta({ id: 'SequencePrice' }))
  .max(50)
  .meta({
    description:
      'What the first, the second, … choice costs instead of its own price; the last holds for all after it. Empty: each its own.',
  });

/** Ways to ask for a choice: no, extra, half, on the side. */
export const PreModifiers = z
  .array(
    z
      .strictObject({
        code: Code,
        name: Texts,
        rate: z
          .int()
          .min(0)
          .max(10_000_000)
          .meta({ description: 'How much of the price of the choice, in parts per million: 2000000 is twice.' }),
        counts: z
          .boolean()
          .meta({ description: 'False for what is left out: it is none of the choices of the group.' }),
      })
      .meta({ id: 'PreModifier' }),
  )
  .max(20)
  .meta({ description: 'How its choices may be asked for; plainly they always may.' });
