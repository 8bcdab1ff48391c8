import type { Attempt } from './sender.js';

export type { Attempt };

/** So many of a hundred took at most so many milliseconds; zero of none. */
export function percentile(attempts: readonly Attempt[], percent: number): number {
  const sorted = attempts.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  return Math.round(sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0);
}

/** Whether a client was let down: no answer, or one that says that something is wrong with the server. */
export const hasFailed = ({ status }: Attempt): boolean => status === 0 || status >= 500;

/** Those that were not turned away as they should be, with 503 and when to come back. */
export const rudelyTurnedAway = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.filter(({ status, retryAfter }) => status >= 500 && !(status === 503 && retryAfter));
