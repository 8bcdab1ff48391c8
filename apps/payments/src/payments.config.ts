import { type PlatformConfig, wholeNumber } from '@comanda/platform';
import { z } from 'zod';

/** What payments reads from the environment beside what every service reads. */
export const PaymentsConfig = z.object({
  /** How long the provider may take to answer, milliseconds. Three times as long after a call it never saw, the call counts as lost. */
  PAYMENT_PROVIDER_TIMEOUT_MS: wholeNumber(50, 25_000).default(10_000),
  /** How many card payments may wait for the provider at once, in one process. */
  PAYMENT_PROVIDER_CONCURRENCY: wholeNumber(1, 10_000).default(64),
});
export type PaymentsConfig = PlatformConfig & z.output<typeof PaymentsConfig>;
