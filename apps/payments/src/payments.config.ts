import { type PlatformConfig, wholeNumber } from '@comanda/platform';
import { z } from 'zod';

/** What payments reads from the environment beside what every service reads. */
export const PaymentsConfig = z
  .object({
    /** How long a provider may take to answer, milliseconds. Three times as long after a call it never saw, the call counts as lost. */
    PAYMENT_PROVIDER_TIMEOUT_MS: wholeNumber(50, 25_000).default(10_000),
    /** How many payments may wait for one provider at once, in one process. */
    PAYMENT_PROVIDER_CONCURRENCY: wholeNumber(1, 10_000).default(256),
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
    /** Stripe's key, of the platform whose connected accounts the organizations have, or of one organization's own account. */
    STRIPE_SECRET_KEY: z
      .string()
      .regex(
        /^[sr]k_(test|live)_\w+$/,
        'must be a secret or restricted key: sk_test_…, sk_live_…, rk_test_… or rk_live_…',
      )
      .optional(),
    /** What Stripe signs its webhooks with; several with commas between them, one for each endpoint. */
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_\w+(,whsec_\w+)*$/, 'must be signing secrets of webhook endpoints: whsec_…')
      .transform((secrets) => secrets.split(','))
      .optional(),
    /** Where Stripe is reached, if not directly: a proxy. */
    STRIPE_API_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** The organization whose account the key itself opens; it needs no connected one. */
    STRIPE_ORGANIZATION: z.uuid().toLowerCase().optional(),
    /** Whether cards are held so that a tip or a longer evening may still be collected: Stripe offers that on IC+ pricing. */
    STRIPE_FLEXIBLE_CARDS: z.enum(['on', 'off']).default('off'),
  })
  .superRefine(({ SANDBOX_PSP_URL, STRIPE_SECRET_KEY, ...others }, { addIssue }) => {
    const needed = (names: readonly (keyof typeof others)[], why: string): void => {
      for (const name of names)
        if (!others[name]) addIssue({ code: 'custom', path: [name], message: `must be set with ${why}` });
    };
    if (SANDBOX_PSP_URL) needed(['SANDBOX_PSP_KEY', 'SANDBOX_PSP_WEBHOOK_SECRET'], 'SANDBOX_PSP_URL');
    if (STRIPE_SECRET_KEY) needed(['STRIPE_WEBHOOK_SECRET'], 'STRIPE_SECRET_KEY');
  });
export type PaymentsConfig = PlatformConfig & z.output<typeof PaymentsConfig>;
