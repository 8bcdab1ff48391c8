import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Id, Instant, Money } from './primitives.js';

/** `open`: the provider has taken the money back and asks why it should not keep it. */
export const DisputeState = z.enum(['open', 'won', 'lost']).meta({ id: 'DisputeState' });

const disputeFields = {
  id: Id,
  status: DisputeState,
  reason: z.string().meta({ description: 'As the provider names it.' }),
  amount: Money.meta({ description: 'What the provider took back.' }),
  providerFee: Money.meta({ description: 'What it keeps for the trouble, whoever wins.' }),
  platformFee: Money.meta({ description: 'The share of the platform fee that went back to the merchant meanwhile.' }),
  openedAt: Instant,
  closedAt: Instant.nullable(),
};

/** A dispute as its payment’s events tell it. */
export const DisputeFacts = z.object(disputeFields);

export const Dispute = z
  .object({
    ...disputeFields,
    paymentId: Id,
    orderId: Id,
    locationId: Id,
    businessDate: BusinessDate.meta({ description: 'Of its opening.' }),
    providerReference: z.string(),
  })
  .meta({ id: 'Dispute' });
export type Dispute = z.infer<typeof Dispute>;

export const ListDisputes = defineEndpoint({
  id: 'listDisputes',
  method: 'GET',
  path: '/v1/payments/disputes',
  summary: 'Payments whose guests’ banks ask for the money back, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({
    status: DisputeState.optional(),
    locationId: Id.optional(),
    paymentId: Id.optional(),
  }),
  answer: Page('DisputePage', Dispute),
});
