import { setTimeout as pause } from 'node:timers/promises';
import { groupOf, lagOf } from '@comanda/events';
import type { Sources } from './invariant.js';

/** What still has to move before the platform's data can be compared. */
export interface Backlog {
  /** Committed events that the log does not have yet, by service. */
  readonly outbox: Readonly<Record<string, number>>;
  /** Records that a service has yet to deal with. */
  readonly lag: Readonly<Record<string, number>>;
}

export const isEmpty = ({ outbox, lag }: Backlog): boolean =>
  [...Object.values(outbox), ...Object.values(lag)].every((rows) => rows === 0);

/** What is waiting at this moment. */
export async function backlogOf({ services, query, log }: Sources): Promise<Backlog> {
  const outbox = await Promise.all(
    services.map(
      async ({ name }) =>
        [
          name,
          (
            await query<{ rows: number }>(name, 'select count(*)::int as rows from outbox where published_at is null')
          )[0]?.rows ?? 0,
        ] as const,
    ),
  );
  const lag = await Promise.all(
    services.map(async ({ name, topics }) => [name, lagOf(await log.positions(groupOf(name), topics))] as const),
  );
  return { outbox: Object.fromEntries(outbox), lag: Object.fromEntries(lag) };
}

/**
 * Waits until outboxes are empty and consumers at the end, at most `within` milliseconds.
 * @returns what was still waiting when the time was up; empty when everything had followed
 */
export async function caughtUp(sources: Sources, within = 60_000): Promise<Backlog> {
  const until = performance.now() + within;
  for (;;) {
    const backlog = await backlogOf(sources);
    // An effect may publish again: what was empty before the consumers were asked must be empty after.
    if (isEmpty(backlog) && isEmpty(await backlogOf(sources))) return backlog;
    if (performance.now() > until) return backlog;
    await pause(200);
  }
}
