import {
  CustomerTierChanged,
  PointsEarned,
  type PointsEntry,
  PointsRedeemed,
  PointsReversed,
  type TierRules,
} from '@comanda/contracts';
import { newEvent, type NewEvent, publishMany } from '@comanda/events';
import { newId, together, type Tx } from '@comanda/platform';
import type { PointsMove } from './order-points.js';
import { type Balance, countedSince, insertEntries, lockBalances, saveBalances } from './points.store.js';
import { countedOf, periodStart, tierOf } from './tiers.js';

/**
 * Books moves of points in their order: entries, balances and events together, in four statements however many there are,
 * and one more where customers can reach tiers.
 * @returns the entries; a move of a customer who is not there, or has been erased, is left out
 */
export async function book(tx: Tx, organizationId: string, moves: readonly PointsMove[]): Promise<PointsEntry[]> {
  if (moves.length === 0) return [];
  return settle(tx, organizationId, [...new Set(moves.map(({ customerId }) => customerId))], moves);
}

/** Looks at the tiers of customers anew: time passes, and what counted counts no more. */
export async function lookAtTiers(tx: Tx, organizationId: string, customerIds: readonly string[]): Promise<void> {
  await settle(tx, organizationId, customerIds, []);
}

async function settle(
  tx: Tx,
  organizationId: string,
  customerIds: readonly string[],
  moves: readonly PointsMove[],
): Promise<PointsEntry[]> {
  const now = new Date();
  const before = await lockBalances(tx, organizationId, customerIds);
  const rules = before[0]?.tiers ?? null;
  const since = rules && periodStart(rules, now);
  const counted = rules && since ? await countedSince(tx, organizationId, customerIds, rules, since) : undefined;
  const tiers = rules && since && counted && { rules, since, counted };
  const { entries, balances, events } = write(moves, before, now, tiers || undefined);
  if (balances.length === 0) return [];
  // Sent together: one round trip.
  await together(
    insertEntries(tx, organizationId, entries),
    saveBalances(tx, organizationId, balances),
    publishMany(tx, events),
  );
  return entries;
}

/** What there is to say of tiers: the rules, and what counted before these moves. */
interface Tiers {
  readonly rules: TierRules;
  readonly since: Date;
  readonly counted: ReadonlyMap<string, number>;
}

/** What moves make of balances: each entry with the balance after it, and one version more; then the tier they come to. */
function write(
  moves: readonly PointsMove[],
  before: readonly Balance[],
  now: Date,
  tiers: Tiers | undefined,
): { entries: PointsEntry[]; balances: Balance[]; events: NewEvent[] } {
  const balances = new Map(before.map(({ id, points, version, tier }) => [id, { id, points, version, tier }]));
  const entries: PointsEntry[] = [];
  const events: NewEvent[] = [];
  for (const move of moves) {
    const balance = balances.get(move.customerId);
    if (!balance) continue;
    const after = { ...balance, points: balance.points + move.points, version: balance.version + 1 };
    balances.set(after.id, after);
    const occurredAt = move.occurredAt.toISOString();
    const entry = { ...move, id: newId(), occurredAt, recordedAt: now.toISOString() };
    entries.push(entry);
    const data = { ...entry, balance: after.points };
    events.push(newEvent(eventOf(move), data, { version: after.version, occurredAt }));
  }
  for (const balance of balances.values()) {
    const { id, tier: from } = balance;
    const counted = tiers ? countedWith(tiers, id, moves) : 0;
    const to = tiers ? tierOf(tiers.rules, counted) : null;
    if (to === from) continue;
    const after = { ...balance, tier: to, version: balance.version + 1 };
    balances.set(id, after);
    events.push(
      newEvent(CustomerTierChanged, { customerId: id, from, to, counted }, { version: after.version, occurredAt: now }),
    );
  }
  return { entries, balances: [...balances.values()], events };
}

/** What counts for a customer, with moves that are booked just now; of what is spent, orders have told already. */
function countedWith({ rules, since, counted }: Tiers, customerId: string, moves: readonly PointsMove[]): number {
  const before = counted.get(customerId) ?? 0;
  if (rules.counts.kind === 'spend') return before;
  return moves.reduce(
    (sum, move) => (move.customerId === customerId && move.occurredAt >= since ? sum + countedOf(move) : sum),
    before,
  );
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
