import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@comanda/contracts';
import { groupOf, lagOf } from '@comanda/events';
import type { Sources } from './invariant.js';

/** What still has to move before the platform's data can be compared: rows, by service. */
export interface Backlog {
  /** Committed events that the log does not have yet. */
  readonly outbox: Readonly<Record<string, number>>;
  /** Records that a service has yet to deal with. */
  readonly lag: Readonly<Record<string, number>>;
  /** What was noted in a consumer's transaction and is settled a moment later. */
  readonly unsettled: Readonly<Record<string, number>>;
}

export const isEmpty = ({ outbox, lag, unsettled }: Backlog): boolean =>
  [outbox, lag, unsettled].every((rows) => Object.values(rows).every((count) => count === 0));

/** Levels follow movements, and points what was heard of an order, in the background: no guest or shelf is locked meanwhile. */
const UNSETTLED: readonly { name: ServiceName; sql: string }[] = [
  { name: 'inventory', sql: 'select count(*)::int as rows from unsettled' },
  { name: 'loyalty', sql: `select count(*)::int as rows from points_facts where state = 'new'` },
];

const WAITING = 'select count(*)::int as rows from outbox where published_at is null';

/** What is waiting at this moment. */
export async function backlogOf({ services, query, log }: Sources): Promise<Backlog> {
  const count = async (service: ServiceName, sql: string): Promise<number> =>
    (await query<{ rows: number }>(service, sql))[0]?.rows ?? 0;
  const byService = async <S extends { name: ServiceName }>(all: readonly S[], rows: (each: S) => Promise<number>) =>
    Object.fromEntries(await Promise.all(all.map(async (each) => [each.name, await rows(each)] as const)));
  return {
    outbox: await byService(services, ({ name }) => count(name, WAITING)),
    lag: await byService(services, async ({ name, topics }) => lagOf(await log.positions(groupOf(name), topics))),
    unsettled: await byService(UNSETTLED, ({ name, sql }) => count(name, sql)),
  };
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
