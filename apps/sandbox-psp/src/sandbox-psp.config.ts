import { wholeNumber } from '@comanda/platform';
import { z } from 'zod';

/** What the sandbox reads from the environment; its database's URLs beside it. */
export const SandboxPspConfig = z.object({
  /** What callers carry as a bearer. */
  SANDBOX_PSP_KEY: z.string('must be set').min(16, 'must be at least 16 characters long'),
  /** Where webhooks go; nobody is told anything where it is not set. */
  SANDBOX_PSP_WEBHOOK_URL: z.string().optional(),
  SANDBOX_PSP_WEBHOOK_SECRET: z
    .string('must be set')
    .regex(/^whsec_[A-Za-z0-9+/=]{32,}$/, 'must be whsec_ and the key, base64'),
  DATABASE_POOL: wholeNumber(1, 200).default(10),
});
export type SandboxPspConfig = z.output<typeof SandboxPspConfig>;
