import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A secret by where it lies: a file that only the service can read. It stands in no variable and in no database. */
const SecretFile = z.string().transform((path, { addIssue }) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    addIssue({ code: 'custom', message: `there is no secret to be read in ${path}` });
    return z.NEVER;
  }
});

/** An account at a provider, and who is paid through it: all locations of an organization, or some. */
const ProviderAccountConfig = z.strictObject({
  /** Ours: it stands in the path of the provider's webhooks, and on every payment. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .refine((name) => name !== 'sandbox', 'sandbox is the sandbox'),
  provider: z.literal('stripe'),
  organizationId: z.uuid(),
  locationIds: z.array(z.uuid()).min(1).optional(),
  secretKeyFile: SecretFile,
  webhookSecretFile: SecretFile,
  /** Stripe Connect: the account of the restaurant, where the secret is that of a platform. */
  connectedAccount: z
    .string()
    .regex(/^acct_\w+$/)
    .optional(),
  /** Where its API is, unless where Stripe says. */
  url: z.url().optional(),
});
export type ProviderAccountConfig = z.output<typeof ProviderAccountConfig>;

/** The accounts as JSON text. Where an organization has several, the first that names the location comes first. */
export const ProviderAccountsConfig = z
  .string()
  .transform((text, { addIssue }) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(ProviderAccountConfig))
  .refine((accounts) => new Set(accounts.map(({ name }) => name)).size === accounts.length, 'names must differ');
