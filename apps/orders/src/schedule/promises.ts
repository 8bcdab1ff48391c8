import type { LocationPolicies, OrderFacts } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { Place } from '../orders/place-order.js';
import { slotAt } from './promise.js';
import { giveUpPlace, keepSchedule, stopWaiting, takePlace } from './schedule.store.js';

type Scheduled = Pick<OrderFacts, 'id' | 'locationId' | 'businessDate' | 'occurredAt' | 'scheduled'>;

/**
 * Gives a scheduled order its place, and remembers when it is fired. Of any other order nothing is kept.
 * @throws Refusal `slot_full`
 */
export async function keepPromise(
  tx: Tx,
  { organizationId, facts }: { organizationId: string; facts: Scheduled },
  place: Place,
  { slotMinutes, ordersPerSlot }: LocationPolicies['scheduling'],
): Promise<void> {
  if (!facts.scheduled) return;
  const startsAt = slotAt(new Date(facts.scheduled.promisedAt), { slotMinutes }, place.timeZone);
  const { locationId } = facts;
  await takePlace(tx, organizationId, { locationId, startsAt, minutes: slotMinutes, places: ordersPerSlot });
  await keepSchedule(tx, { organizationId, facts }, startsAt);
}

/** What is cancelled keeps no place and is not fired. */
export async function forgetPromise(tx: Tx, before: OrderFacts, after: OrderFacts): Promise<void> {
  if (!before.scheduled || before.status === 'cancelled' || after.status !== 'cancelled') return;
  await giveUpPlace(tx, after.id);
  await stopWaiting(tx, after.id);
}
