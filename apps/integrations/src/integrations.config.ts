import type { PlatformConfig } from '@comanda/platform';
import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** The settings of this service, beside those of the platform. */
export const IntegrationsConfig = z.object({
  /** What is waited for before the second attempt, the third and so on; their sum is how long an endpoint may fail. */
  WEBHOOK_RETRIES: z
    .string()
    .regex(/^\d+(ms|s|m|h)(,\d+(ms|s|m|h))*$/, 'must be durations such as 5s,1m,10h')
    .default('5s,1m,5m,30m,2h,5h,10h,10h,10h,10h,10h,10h')
    .transform((text) => text.split(',').map(milliseconds)),
  /** For development: also http, and addresses of this very machine. */
  WEBHOOK_ALLOW_LOOPBACK: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true'),
});
export type IntegrationsConfig = PlatformConfig & z.output<typeof IntegrationsConfig>;

function milliseconds(duration: string): number {
  const [, amount, unit = ''] = /^(\d+)([a-z]+)$/.exec(duration) ?? [];
  return Number(amount) * (UNITS[unit] ?? 0);
}
