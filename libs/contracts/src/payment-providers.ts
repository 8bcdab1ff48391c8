import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { ProviderName } from './payment-attempts.js';

/** An account at a payment provider, by the provider's own name for it. */
const ProviderAccountName = z.string().regex(/^[\x21-\x7e]{1,100}$/);

export const CardProvider = z
  .object({
    provider: ProviderName.nullable().meta({ description: 'Where cards are taken; null: nowhere, cash works.' }),
    account: ProviderAccountName.nullable().meta({
      description: 'The organization’s account there; null where it needs none of its own.',
    }),
  })
  .meta({ id: 'CardProvider' });
export type CardProvider = z.infer<typeof CardProvider>;

export const ReadCardProvider = defineEndpoint({
  id: 'readCardProvider',
  method: 'GET',
  path: '/v1/payments/provider',
  summary: 'Which payment provider takes the organization’s cards.',
  scope: 'payments:read',
  answer: CardProvider,
});

export const ConnectCardProvider = defineEndpoint({
  id: 'connectCardProvider',
  method: 'PUT',
  path: '/v1/payments/provider',
  summary: 'Names the organization’s account at a payment provider: from then on it takes its cards.',
  description:
    'The provider is asked whether the account is this organization’s. It stays for good: what was paid goes back from where it is. The same once more changes nothing.',
  scope: 'organization:write',
  body: z.strictObject({ provider: ProviderName, account: ProviderAccountName }).meta({ id: 'CardProviderAccount' }),
  example: { provider: 'stripe', account: 'acct_1Nv0FGQ9RKHgCVdK' },
  answer: CardProvider,
  refusals: ['provider_account_refused', 'provider_account_fixed', 'provider_unavailable'],
});
