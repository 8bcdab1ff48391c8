import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Bill } from './order.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Id, Instant, Line, Money, PositiveAmount, Price, Version } from './primitives.js';

/** What a guest has with the house: money paid in advance, or the word to pay later. */
export const GuestAccountKind = z.enum(['gift_card', 'house_account']).meta({ id: 'GuestAccountKind' });
export type GuestAccountKind = z.infer<typeof GuestAccountKind>;

const GuestAccountState = z.enum(['active', 'blocked']).meta({ id: 'GuestAccountState' });

export const GuestAccount = z
  .object({
    id: Id,
    kind: GuestAccountKind,
    status: GuestAccountState,
    name: z.string().nullable().meta({ description: 'Whose house account it is.' }),
    last4: z.string().nullable().meta({ description: 'The end of a gift card’s number.' }),
    balance: Money.meta({ description: 'What the house owes the guest; negative where the guest owes the house.' }),
    limit: Money.meta({ description: 'How far below zero it may go; a gift card never does.' }),
    available: Money.meta({ description: 'What can be paid with it now, were it active.' }),
    expiresOn: BusinessDate.nullable().meta({ description: 'The last business day on which it pays.' }),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'GuestAccount' });
export type GuestAccount = z.infer<typeof GuestAccount>;

/** Sixteen letters, no vowels, so that no number looks like a word, and no digits, so that none looks like a card's. */
export const GiftCardNumber = z
  .string()
  .max(40)
  .regex(/^[ -]*(?:[BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz][ -]*){16}$/)
  .transform((text) => text.replaceAll(/[ -]/g, '').toUpperCase())
  .meta({
    id: 'GiftCardNumber',
    description: 'Sixteen letters; spaces, dashes and case do not matter.',
    examples: ['BCDF-GHJK-LMNP-QRST'],
  });

const AccountParams = z.strictObject({ accountId: Id });

export const OpenGuestAccount = defineEndpoint({
  id: 'openGuestAccount',
  method: 'POST',
  path: '/v1/payments/guest-accounts',
  summary: 'Opens a gift card or a house account.',
  description:
    'Both begin at zero. A gift card’s `number` is answered this once, also not to a repeat: block a card whose number was lost, and open another. Load it by a bill of its own.',
  scope: 'payments:write',
  idempotent: true,
  body: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('gift_card'),
        id: Id.optional(),
        currency: z.string().regex(/^[A-Z]{3}$/),
        expiresOn: BusinessDate.nullable().default(null),
      }),
      z.strictObject({
        kind: z.literal('house_account'),
        id: Id.optional(),
        name: Line(),
        limit: Price.meta({ description: 'How much the guest may owe.' }),
      }),
    ])
    .meta({ id: 'NewGuestAccount' }),
  answer: GuestAccount.extend({ number: z.string().nullable() }).meta({ id: 'OpenedGuestAccount' }),
  refusals: ['id_taken'],
  example: { kind: 'gift_card', currency: 'USD' },
});

export const ListGuestAccounts = defineEndpoint({
  id: 'listGuestAccounts',
  method: 'GET',
  path: '/v1/payments/guest-accounts',
  summary: 'Gift cards and house accounts, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({ kind: GuestAccountKind.optional(), status: GuestAccountState.optional() }),
  answer: Page('GuestAccountPage', GuestAccount),
});

export const ReadGuestAccount = defineEndpoint({
  id: 'readGuestAccount',
  method: 'GET',
  path: '/v1/payments/guest-accounts/{accountId}',
  summary: 'One gift card or house account.',
  scope: 'payments:read',
  params: AccountParams,
  answer: GuestAccount,
});

export const FindGiftCard = defineEndpoint({
  id: 'findGiftCard',
  method: 'POST',
  path: '/v1/payments/guest-accounts/lookup',
  summary: 'The gift card with this number, and what is on it.',
  description: 'Looks only. The number is in the body, so that no log of addresses knows it.',
  scope: 'payments:read',
  body: z.strictObject({ number: GiftCardNumber }).meta({ id: 'GiftCardLookup' }),
  answer: GuestAccount,
  refusals: ['account_unknown'],
  example: { number: 'BCDF-GHJK-LMNP-QRST' },
});

export const ChangeGuestAccount = defineEndpoint({
  id: 'changeGuestAccount',
  method: 'PATCH',
  path: '/v1/payments/guest-accounts/{accountId}',
  summary: 'Blocks or frees it, or changes its limit, its name or its last day; what is left out stays.',
  scope: 'payments:write',
  params: AccountParams,
  concurrency: 'required',
  body: z
    .strictObject({
      status: GuestAccountState,
      name: Line(),
      limit: Price,
      expiresOn: BusinessDate.nullable(),
      version: Version,
    })
    .partial()
    .meta({ id: 'GuestAccountChange' }),
  answer: GuestAccount,
  refusals: ['version_stale', 'version_missing', 'balance_too_low', 'currency_mismatch', 'account_state'],
  example: { status: 'blocked', version: 1 },
});

export const BillGuestAccount = defineEndpoint({
  id: 'billGuestAccount',
  method: 'POST',
  path: '/v1/payments/guest-accounts/{accountId}/bills',
  summary: 'A bill for what is to be put on it: a load, a deposit, or what the guest owes.',
  description:
    'Paid like any bill, by cash or card, at once or in instalments; each payment counts on the account as soon as it is captured. It is no sale: nothing of it is revenue, and no platform fee is taken.',
  scope: 'payments:write',
  idempotent: true,
  params: AccountParams,
  body: z
    .strictObject({
      locationId: Id,
      amount: Price.extend({ amount: PositiveAmount.min(1) }).meta({ id: 'PriceAboveZero' }),
    })
    .meta({ id: 'GuestAccountBill' }),
  answer: Bill,
  refusals: ['reference_unknown', 'currency_mismatch'],
  example: { locationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', amount: { amount: 50_00, currency: 'USD' } },
});

/** What moved an account: it is known by the payment or the refund that did. */
export const GuestAccountEntry = z
  .object({
    id: Id.meta({ description: 'Of the payment, or of the refund, that moved it.' }),
    kind: z
      .enum(['load', 'payment', 'payment_refund', 'load_refund'])
      .meta({ description: 'A load puts money on it, a payment takes money off; refunds undo either.' }),
    amount: Money.meta({ description: 'Negative where it took money off.' }),
    paymentId: Id,
    locationId: Id,
    businessDate: BusinessDate,
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'GuestAccountEntry' });
export type GuestAccountEntry = z.infer<typeof GuestAccountEntry>;

const ofDays = { from: BusinessDate.optional(), to: BusinessDate.optional() };

export const ListGuestAccountEntries = defineEndpoint({
  id: 'listGuestAccountEntries',
  method: 'GET',
  path: '/v1/payments/guest-accounts/{accountId}/entries',
  summary: 'What moved it, newest first; of the business days `from` to `to`, both included.',
  scope: 'payments:read',
  params: AccountParams,
  query: PageQuery.extend(ofDays),
  answer: Page('GuestAccountEntryPage', GuestAccountEntry),
});

export const ReadStatement = defineEndpoint({
  id: 'readStatement',
  method: 'GET',
  path: '/v1/payments/guest-accounts/{accountId}/statement',
  summary: 'Its balance before and after the business days `from` to `to`, both included, and what they came to.',
  scope: 'payments:read',
  params: AccountParams,
  query: z.strictObject(ofDays),
  answer: z
    .object({
      accountId: Id,
      opening: Money,
      loaded: Money.meta({ description: 'Put on it, less what of that went back.' }),
      spent: Money.meta({ description: 'Paid with it, less what of that came back.' }),
      closing: Money.meta({ description: 'opening + loaded − spent' }),
    })
    .meta({ id: 'GuestAccountStatement' }),
});
