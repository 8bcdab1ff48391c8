import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Currency, Id, Instant, Money } from './primitives.js';

/**
 * Accounts of the ledger. Debits are positive. `cash` and `card` are what was collected, `dispute` what a provider took back of it for now, `gift_card` and `house_account`
 * what guests have with the house (its debt to them is negative, theirs to it positive); the others are whom it belongs to:
 * merchant, tax authority, staff (tip), provider (psp_fee), platform (platform_fee), and the coins (rounding).
 */
export const Account = z
  .enum([
    'cash',
    'card',
    'merchant',
    'tax',
    'tip',
    'psp_fee',
    'platform_fee',
    'rounding',
    'gift_card',
    'house_account',
    'dispute',
  ])
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

const postings = z.array(z.object({ account: Account, amount: Money }));
export const LedgerTransaction = z
  .object({
    id: Id,
    kind: z.enum(['capture', 'refund', 'dispute']),
    locationId: Id,
    orderId: Id,
    paymentId: Id,
    refundId: Id.nullable(),
    businessDate: BusinessDate,
    postings,
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'LedgerTransaction', description: 'Double entry: the postings sum to zero.' });
export type LedgerTransaction = z.infer<typeof LedgerTransaction>;

export const ListLedger = defineEndpoint({
  id: 'listLedger',
  method: 'GET',
  path: '/v1/payments/ledger',
  summary: 'The ledger, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    businessDate: BusinessDate.optional(),
    orderId: Id.optional(),
    paymentId: Id.optional(),
  }),
  answer: Page('LedgerPage', LedgerTransaction),
});

/** A sum over years may pass what one payment may be. */
const Balance = z.object({ amount: z.int(), currency: Currency });

export const ReadBalances = defineEndpoint({
  id: 'readBalances',
  method: 'GET',
  path: '/v1/payments/ledger/balances',
  summary: 'The balance of every account, by currency; of the business days `from` to `to`, both included.',
  scope: 'payments:read',
  query: z.strictObject({ locationId: Id.optional(), from: BusinessDate.optional(), to: BusinessDate.optional() }),
  answer: z.object({ data: z.array(z.object({ account: Account, balance: Balance })) }).meta({ id: 'Balances' }),
});

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const usd = (amount: number) => ({ amount, currency: 'USD' });

export const LedgerPosted = defineEvent('comanda.ledger.posted.v1', {
  service: 'payments',
  summary: 'A transaction was posted to the ledger. Its postings sum to zero for each currency.',
  subject: 'id',
  data: LedgerTransaction.omit({ recordedAt: true }).extend({ currency: Currency }),
  example: {
    id: ID,
    kind: 'capture',
    locationId: ID,
    orderId: ID,
    paymentId: ID,
    refundId: null,
    businessDate: '2026-03-06',
    currency: 'USD',
    occurredAt: '2026-03-06T20:10:00.000Z',
    postings: [
      { account: 'card', amount: usd(3500) },
      { account: 'merchant', amount: usd(-3053) },
      { account: 'tip', amount: usd(-300) },
      { account: 'psp_fee', amount: usd(-102) },
      { account: 'platform_fee', amount: usd(-45) },
    ],
  },
});
