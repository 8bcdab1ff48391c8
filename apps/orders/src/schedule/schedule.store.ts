import type { OrderFacts } from '@comanda/contracts';
import { Refusal, type Tx } from '@comanda/platform';
import type { KeptOrder } from '../orders/order.js';

/** A place in a slot of a location, of which there are so many. */
export interface Slot {
  readonly locationId: string;
  readonly startsAt: Date;
  readonly minutes: number;
  /** `null` when there is no limit. */
  readonly places: number | null;
}

/**
 * Takes a place in a slot. Its row is locked until the transaction ends, so the last place is taken once.
 * @throws Refusal `slot_full`, with the next slots that have a place
 */
export async function takePlace(tx: Tx, organizationId: string, slot: Slot): Promise<void> {
  const { locationId, startsAt, places } = slot;
  const most = places ?? UNLIMITED;
  const taken =
    most === 0
      ? []
      : await tx.sql<unknown[]>`
    insert into order_slots as slot (location_id, starts_at, organization_id, taken)
    values (${locationId}, ${startsAt}, ${organizationId}, 1)
    on conflict (location_id, starts_at) do update set taken = slot.taken + 1 where slot.taken < ${most}
    returning 1`;
  if (taken.length > 0) return;
  throw new Refusal('slot_full', 'Nothing more can be promised for this time.', { nextFree: await nextFree(tx, slot) });
}

const UNLIMITED = 2_147_483_647;

/** The first three slots of the next day that have a place. */
async function nextFree(tx: Tx, { locationId, startsAt, minutes, places }: Slot): Promise<string[]> {
  if (places === 0) return [];
  const free = await tx.sql<{ startsAt: Date }[]>`
    select candidate as "startsAt"
    from generate_series(${startsAt}::timestamptz + make_interval(mins => ${minutes}),
      ${startsAt}::timestamptz + interval '1 day', make_interval(mins => ${minutes})) as candidate
    left join order_slots slot on slot.location_id = ${locationId} and slot.starts_at = candidate
    where coalesce(slot.taken, 0) < ${places ?? UNLIMITED}
    order by candidate limit 3`;
  return free.map((slot) => slot.startsAt.toISOString());
}

/** Remembers when a scheduled order goes to the kitchen by itself. */
export async function keepSchedule(
  tx: Tx,
  { organizationId, facts }: Pick<KeptOrder, 'organizationId'> & { facts: Scheduled },
  slotAt: Date,
) {
  await tx.sql`
    insert into scheduled_orders
      (order_id, organization_id, location_id, business_date, ordered_at, fire_at, slot_at, waiting)
    values (${facts.id}, ${organizationId}, ${facts.locationId}, ${facts.businessDate}, ${facts.occurredAt},
      ${facts.scheduled?.fireAt}, ${slotAt}, true)
    on conflict (order_id) do update set fire_at = excluded.fire_at, slot_at = excluded.slot_at`;
}
type Scheduled = Pick<OrderFacts, 'id' | 'locationId' | 'businessDate' | 'occurredAt' | 'scheduled'>;

/** Gives back the place of an order; it is locked. */
export async function giveUpPlace(tx: Tx, orderId: string): Promise<void> {
  await tx.sql`
    update order_slots slot set taken = taken - 1
    from scheduled_orders scheduled
    where scheduled.order_id = ${orderId} and slot.location_id = scheduled.location_id
      and slot.starts_at = scheduled.slot_at`;
}

/** An order no longer waits for its time. False when it did not. */
export async function stopWaiting(tx: Tx, orderId: string): Promise<boolean> {
  const rows = await tx.sql<unknown[]>`
    update scheduled_orders set waiting = false where order_id = ${orderId} and waiting returning 1`;
  return rows.length > 0;
}

/** An order whose time has come. */
export interface Due {
  readonly orderId: string;
  readonly organizationId: string;
}

/** What is due now, over all organizations, the longest due first. */
export const findDue = (tx: Tx, most: number): Promise<Due[]> => tx.sql<Due[]>`
  select order_id as "orderId", organization_id as "organizationId"
  from scheduled_orders where waiting and fire_at <= now() order by fire_at limit ${most}`;
