import { type PlatformConfig, wholeNumber } from '@comanda/platform';
import { z } from 'zod';

/** What payments reads from the environment beside what every service reads. */
export const PaymentsConfig = z
  .object({
    /** How long a provider may take to answer, milliseconds. Three times as long after a call it never saw, the call counts as lost. */
    PAYMENT_PROVIDER_TIMEOUT_MS: wholeNumber(50, 25_000).default(10_000),
    /** How many payments may wait for one provider at once, in one process. */
    PAYMENT_PROVIDER_CONCURRENCY: wholeNumber(1, 10_000).default(64),
    /** What becomes of authorisations that nobody has captured when their location has closed. Somebody is told in any case. */
    PAYMENT_OPEN_AUTHORIZATIONS: z.enum(['capture', 'void', 'keep']).default('capture'),
    /** How long after it was recorded an authorisation is left alone, minutes: a till may come back late, and capture it itself. */
    PAYMENT_CLOSING_GRACE_MINUTES: wholeNumber(0, 1_440).default(60),
    /** For how many days providers hold what was authorised; on the last of them somebody is told. */
    PAYMENT_AUTHORIZATION_DAYS: wholeNumber(1, 31).default(7),
    /** Where the sandbox is; without it, test organizations have no provider. */
    SANDBOX_PSP_URL: z.url().optional(),
    SANDBOX_PSP_KEY: z.string().optional(),
    SANDBOX_PSP_WEBHOOK_SECRET: z.string().optional(),
  })
  .superRefine(({ SANDBOX_PSP_URL, SANDBOX_PSP_KEY, SANDBOX_PSP_WEBHOOK_SECRET }, { addIssue }) => {
    if (!SANDBOX_PSP_URL) return;
    for (const [name, value] of Object.entries({ SANDBOX_PSP_KEY, SANDBOX_PSP_WEBHOOK_SECRET }))
      if (!value) addIssue({ code: 'custom', path: [name], message: 'must be set with SANDBOX_PSP_URL' });
  });
export type PaymentsConfig = PlatformConfig & z.output<typeof PaymentsConfig>;
