import { type Attempt, hasFailed, percentile } from '@comanda/faults/attempts';
import type { Figures } from './answer.js';

/** How it has gone for the guests since a moment of their clock. */
export function figuresOf(attempts: readonly Attempt[], since = 0): Figures {
  const all = attempts.filter(({ at }) => at >= since);
  const failed = all.filter((each) => hasFailed(each) || each.status === 429);
  return {
    now: Date.now(),
    requests: all.length,
    failed: failed.length,
    taken: all.filter(({ method, status }) => method === 'POST' && status === 201).length,
    p50: percentile(all, 50),
    p99: percentile(all, 99),
    failures: failed
      .slice(0, ENOUGH)
      .map(
        ({ service, method, status, at, error }) =>
          `${new Date(at).toISOString()} ${method} to ${service}: ${error ?? status}`,
      ),
  };
}

const ENOUGH = 5;
