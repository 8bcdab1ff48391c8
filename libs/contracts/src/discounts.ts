import { z } from 'zod';
import { DiscountSource, Grant } from './grants.js';
import { Id, Instant, Line as Text, Money, PositiveAmount, Rate } from './primitives.js';

/** Who does something with a credential, and who stands by it. */
export const people = {
  staffId: Id.optional().meta({
    description: 'Whose hands do it: bound by the limits of their role. Without it the credential acts for the chain.',
  }),
  approverId: Id.optional().meta({ description: 'Who approves what the other may not do alone.' }),
};

/** Whom it was that did something. */
export const byWhom = {
  staffId: Id.optional().meta({ description: 'Whose hands did it.' }),
  approverId: Id.optional().meta({ description: 'Who approved it.' }),
};

/** Why somebody does what cannot be undone, and when. */
export const Reason = z
  .strictObject({ reason: Text(200), occurredAt: Instant.optional(), ...people })
  .meta({ id: 'Reason', examples: [{ reason: 'Guest left' }] });

const discountFields = { id: Id.optional(), name: Text(100), reason: Text(200).optional() };

/** A reduction: a share of the price, a fixed amount, or all of it with a reason. */
export const DiscountInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percent'), ...discountFields, rate: Rate }),
    z.strictObject({ kind: z.literal('fixed'), ...discountFields, amount: PositiveAmount }),
    z.strictObject({ kind: z.literal('comp'), ...discountFields, reason: Text(200) }),
  ])
  .meta({ id: 'DiscountInput', examples: [{ kind: 'percent', name: 'Staff', rate: 200_000 }] });
export type DiscountInput = z.output<typeof DiscountInput>;

/** What may be taken off a whole order: also what a coupon or a reward gives, by its grant. */
export const OrderDiscountInput = z
  .discriminatedUnion('kind', [
    ...DiscountInput.options,
    z.strictObject({ kind: z.literal('grant'), grant: Grant.meta({ description: 'As loyalty gave it.' }) }),
  ])
  .meta({ id: 'OrderDiscountInput', examples: [{ kind: 'percent', name: 'Staff', rate: 200_000 }] });
export type OrderDiscountInput = z.output<typeof OrderDiscountInput>;

export const AppliedDiscount = z
  .object({
    id: Id,
    name: z.string(),
    amount: Money.meta({ description: 'What it really took off.' }),
    source: DiscountSource.optional().meta({ description: 'Left out of a discount that was given by hand.' }),
    kind: z.enum(['percent', 'fixed', 'comp']).optional(),
    reason: z.string().optional(),
    ...byWhom,
  })
  .meta({ id: 'AppliedDiscount' });
export type AppliedDiscount = z.infer<typeof AppliedDiscount>;
