import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { BusinessDate, Currency, Id, Instant, Money } from './primitives.js';

const ProviderMovement = z
  .object({
    id: z.string().meta({ description: 'The provider’s own.' }),
    kind: z.enum(['charge', 'refund', 'dispute', 'dispute_won']),
    reference: z.string().nullable().meta({ description: 'Ours, of the attempt; null for what it did by itself.' }),
    authorization: z.string().meta({ description: 'The `providerReference` of the payment.' }),
    amount: Money.meta({ description: 'Positive towards us.' }),
    fee: Money.meta({ description: 'What the provider kept of it.' }),
    at: Instant,
  })
  .meta({ id: 'ProviderMovement' });

export const ListSettlements = defineEndpoint({
  id: 'listSettlements',
  method: 'GET',
  path: '/v1/payments/settlements',
  summary: 'What moved at the payment provider on a day, UTC, as it says; oldest first.',
  description:
    'Asked of the provider as you ask. Of an organization with several accounts, name a location of the one you mean.',
  scope: 'payments:read',
  query: z.strictObject({
    date: BusinessDate.optional().meta({ description: 'Today, unless given.' }),
    locationId: Id.optional(),
    cursor: z
      .string()
      .max(400)
      .regex(/^[A-Za-z0-9_-]+$/)
      .optional(),
  }),
  answer: z
    .object({ data: z.array(ProviderMovement), nextCursor: z.string().nullable() })
    .meta({ id: 'SettlementPage' }),
  refusals: ['provider_unavailable', 'cursor_invalid'],
});

/**
 * Why a row is there. Explained: `under_way` (the provider has not said how it ended), `bill_open` (not all is paid),
 * `refund_due` (more was paid than the order comes to). Not explained: `missing_here` (the provider moved it, the ledger
 * did not), `missing_there` (the other way round), `amount_differs`, `fee_differs`, `currency_differs`, and `bill_differs`
 * (the ledger and the bill of an order hold different sums).
 */
export const ReconciliationReason = z
  .enum([
    'under_way',
    'bill_open',
    'refund_due',
    'missing_here',
    'missing_there',
    'amount_differs',
    'fee_differs',
    'currency_differs',
    'bill_differs',
  ])
  .meta({ id: 'ReconciliationReason' });
export type ReconciliationReason = z.infer<typeof ReconciliationReason>;

const Sum = z.object({ amount: z.int(), currency: Currency });

export const Reconciliation = z
  .object({
    from: BusinessDate,
    to: BusinessDate,
    locationId: Id.nullable(),
    movements: z.int().meta({ description: 'That are in the provider’s report and in the ledger alike.' }),
    bills: z.int().meta({ description: 'Of orders, that the ledger agrees with and that are paid to the cent.' }),
    sums: z
      .array(z.object({ provider: Sum, providerFee: Sum, ledger: Sum, ledgerFee: Sum }))
      .meta({ description: 'By currency: what the provider moved, and what the ledger says that it did.' }),
    explained: z.int(),
    unexplained: z.int(),
    rows: z
      .array(
        z.object({
          reason: ReconciliationReason,
          explained: z.boolean(),
          paymentId: Id.nullable(),
          orderId: Id.nullable(),
          checkId: Id.nullable(),
          providerReference: z.string().nullable(),
          ours: Money.nullable(),
          theirs: Money.nullable().meta({ description: 'The provider’s; of a bill, what it comes to.' }),
        }),
      )
      .meta({ description: 'What does not agree, what is not explained first; at most a thousand.' }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof Reconciliation>;

export const ReadReconciliation = defineEndpoint({
  id: 'readReconciliation',
  method: 'GET',
  path: '/v1/payments/reconciliation',
  summary: 'The provider’s report, the ledger and the bills of orders, row by row, of business days.',
  description:
    'Of the business days `from` to `to`, both included, at most 366; today alone, unless given. Every movement at the provider is held against the ledger by our reference, whatever day the provider counts it for; every bill against what the ledger holds for it.',
  scope: 'payments:read',
  query: z
    .strictObject({ from: BusinessDate.optional(), to: BusinessDate.optional(), locationId: Id.optional() })
    .meta({ id: 'ReconciliationQuery' }),
  answer: Reconciliation,
  refusals: ['provider_unavailable', 'report_too_large'],
});
