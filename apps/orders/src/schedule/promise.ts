import { type LocationPolicies, OrderChanged, type OrderFacts } from '@comanda/contracts';
import { businessDate, localParts, Refusal } from '@comanda/platform';
import { type Change, type KeptOrder, nextVersion } from '../orders/order.js';
import type { Place } from '../orders/place-order.js';
import { orderAfter } from '../orders/transitions.js';

type Scheduling = LocationPolicies['scheduling'];

/** What an order is promised for, and the business day that it belongs to. */
export interface Promised {
  readonly at: Date;
  readonly scheduled: NonNullable<OrderFacts['scheduled']>;
  readonly businessDate: string;
}

/**
 * Promises an order for a time. It belongs to the business day of that time, and goes to the kitchen as long before as the
 * location takes to make it.
 * @throws Refusal `time_not_allowed` for a time that has passed, or is more than a year ahead
 */
export function promise(promisedAt: string, place: Place, { prepMinutes }: Scheduling, now: Date): Promised {
  const at = new Date(promisedAt);
  if (at.getTime() < now.getTime()) throw new Refusal('time_not_allowed', 'promisedAt has passed.');
  if (at.getTime() > now.getTime() + FARTHEST)
    throw new Refusal('time_not_allowed', 'promisedAt is more than a year ahead.');
  const fireAt = new Date(at.getTime() - prepMinutes * MINUTE);
  return {
    at,
    scheduled: { promisedAt: at.toISOString(), fireAt: fireAt.toISOString() },
    businessDate: businessDate(at, place.timeZone, place.closingHour),
  };
}

/**
 * Promises a scheduled order for another time of the same business day: its number is of that day.
 * @throws Refusal `order_state` for one that was not scheduled or has been fired; `time_not_allowed`
 */
export function repromise(
  order: KeptOrder,
  promisedAt: string,
  { place, scheduling, now }: { place: Place; scheduling: Scheduling; now: Date },
): Change | undefined {
  const { facts } = order;
  const status = orderAfter(facts.status, 'amend');
  if (!facts.scheduled || status !== 'placed')
    throw new Refusal('order_state', 'The order is not waiting for a promised time.', { status });
  const { scheduled, businessDate: day } = promise(promisedAt, place, scheduling, now);
  if (day !== facts.businessDate)
    throw new Refusal('time_not_allowed', 'Another day is another order: cancel this one, and place it anew.', {
      businessDate: facts.businessDate,
    });
  if (scheduled.promisedAt === facts.scheduled.promisedAt) return undefined;
  const after = nextVersion(order, { facts: { status, scheduled } });
  return { order: after, told: [{ event: OrderChanged, facts: after.facts }] };
}

/** The beginning of the slot that a moment is in: slots count from the full hour of the location's clock. */
export function slotAt(moment: Date, { slotMinutes }: Pick<Scheduling, 'slotMinutes'>, timeZone: string): Date {
  const { minute, second } = localParts(moment, timeZone);
  const into = ((minute % slotMinutes) * 60 + second) * 1000 + (moment.getTime() % 1000);
  return new Date(moment.getTime() - into);
}

const MINUTE = 60_000;
const FARTHEST = 366 * 86_400_000;
