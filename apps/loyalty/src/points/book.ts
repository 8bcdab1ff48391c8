import { PointsEarned, type PointsEntry, PointsRedeemed, PointsReversed } from '@comanda/contracts';
import { newEvent, type NewEvent, publishMany } from '@comanda/events';
import { newId, together, type Tx } from '@comanda/platform';
import type { PointsMove } from './order-points.js';
import { type Balance, insertEntries, lockBalances, saveBalances } from './points.store.js';

/**
 * Books moves of points in their order: entries, balances and events together, in four statements however many there are.
 * @returns the entries; a move of a customer who is not there, or has been erased, is left out
 */
export async function book(tx: Tx, organizationId: string, moves: readonly PointsMove[]): Promise<PointsEntry[]> {
  if (moves.length === 0) return [];
  const customers = [...new Set(moves.map(({ customerId }) => customerId))];
  const { entries, balances, events } = write(moves, await lockBalances(tx, organizationId, customers), new Date());
  if (entries.length === 0) return [];
  // Sent together: one round trip.
  await together(
    insertEntries(tx, organizationId, entries),
    saveBalances(tx, organizationId, balances),
    publishMany(tx, events),
  );
  return entries;
}

/** What moves make of balances: each entry with the balance after it, and one version more. */
function write(
  moves: readonly PointsMove[],
  before: readonly Balance[],
  now: Date,
): { entries: PointsEntry[]; balances: Balance[]; events: NewEvent[] } {
  const balances = new Map(before.map((balance) => [balance.id, balance]));
  const entries: PointsEntry[] = [];
  const events: NewEvent[] = [];
  for (const move of moves) {
    const balance = balances.get(move.customerId);
    if (!balance) continue;
    const after = { id: balance.id, points: balance.points + move.points, version: balance.version + 1 };
    balances.set(after.id, after);
    const occurredAt = move.occurredAt.toISOString();
    const entry = { ...move, id: newId(), occurredAt, recordedAt: now.toISOString() };
    entries.push(entry);
    const data = { ...entry, balance: after.points };
    events.push(newEvent(eventOf(move), data, { version: after.version, occurredAt }));
  }
  const touched = new Set(entries.map(({ customerId }) => customerId));
  return { entries, balances: [...balances.values()].filter(({ id }) => touched.has(id)), events };
}

function eventOf({ kind, points }: PointsMove): typeof PointsEarned | typeof PointsRedeemed | typeof PointsReversed {
  switch (kind) {
    case 'earn':
      return PointsEarned;
    case 'reverse':
      return PointsReversed;
    case 'redeem':
      return PointsRedeemed;
    case 'adjust':
      return points > 0 ? PointsEarned : PointsRedeemed;
  }
}
