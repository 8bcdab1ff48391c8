import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Code, Currency, Line, MAX_AMOUNT, Version } from './primitives.js';

const TierLevel = z
  .strictObject({
    code: Code,
    name: Line(100),
    threshold: z.int().min(1).max(MAX_AMOUNT).meta({ description: 'Points, or minor units of the currency.' }),
    multiplier: z.int().min(0).max(100_000_000).meta({
      description: 'Of the points an order earns, in parts per million: 1500000 is half as much again.',
    }),
  })
  .meta({ id: 'TierLevel' });

/** What customers reach by coming often. */
export const TierRules = z
  .strictObject({
    counts: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('points') }),
      z.strictObject({ kind: z.literal('spend'), currency: Currency }),
    ]),
    period: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('calendar_year') }),
      z.strictObject({ kind: z.literal('rolling'), days: z.int().min(1).max(3_650) }),
    ]),
    levels: z.array(TierLevel).min(1).max(20).meta({ description: 'Each with a code and a threshold of its own.' }),
  })
  .meta({
    id: 'TierRules',
    description: 'What counts is what was earned or paid in the period, less what went back. A year is one of UTC.',
    examples: [
      {
        counts: { kind: 'points' },
        period: { kind: 'rolling', days: 365 },
        levels: [{ code: 'gold', name: 'Gold', threshold: 1_000, multiplier: 1_500_000 }],
      },
    ],
  });
export type TierRules = z.infer<typeof TierRules>;

/** How points are earned. */
export const LoyaltyProgram = z
  .object({
    tiers: TierRules.nullable(),
    pointsPerUnit: z.int().meta({ description: 'Points for each whole unit of currency paid.' }),
    version: Version,
  })
  .meta({ id: 'LoyaltyProgram' });
export type LoyaltyProgram = z.infer<typeof LoyaltyProgram>;

export const ReadProgram = defineEndpoint({
  id: 'readProgram',
  method: 'GET',
  path: '/v1/loyalty/program',
  summary: 'How points are earned.',
  scope: 'loyalty:read',
  answer: LoyaltyProgram,
});

export const ChangeProgram = defineEndpoint({
  id: 'changeProgram',
  method: 'PATCH',
  path: '/v1/loyalty/program',
  summary: 'Changes how points are earned, for orders paid from now on; what is left out stays.',
  description: 'Other tiers hold for each customer from their next points on; those who have one are looked at daily.',
  scope: 'loyalty:write',
  concurrency: 'required',
  body: z
    .strictObject({ pointsPerUnit: z.int().min(0).max(1_000), tiers: TierRules.nullable(), version: Version })
    .partial()
    .meta({ id: 'ProgramChange' }),
  answer: LoyaltyProgram,
  refusals: ['thresholds_invalid'],
});
