import { z } from 'zod';
import { Id, Money, Rate } from './primitives.js';

export const AppliedTax = z
  .object({ taxId: Id, name: z.string(), rate: Rate, inclusive: z.boolean(), amount: Money })
  .meta({ id: 'AppliedTax' });
export type AppliedTax = z.infer<typeof AppliedTax>;
