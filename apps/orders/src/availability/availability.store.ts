import type { Envelope, ItemAvailabilityChanged } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';
import type { Unavailable } from './unavailable.js';

/** Keeps what catalog says of an item. An event never overwrites what a newer one wrote. */
export async function keepAvailability(
  tx: Tx,
  { organizationId, aggregateVersion, data }: Envelope<typeof ItemAvailabilityChanged>,
): Promise<void> {
  const { id, locationId, itemId, variationId, available, until } = data;
  await tx.sql`
    insert into availabilities as known
      (id, organization_id, location_id, item_id, variation_id, available, until, version)
    values (${id}, ${organizationId}, ${locationId}, ${itemId}, ${variationId}, ${available}, ${until}, ${aggregateVersion})
    on conflict (id) do update
      set available = excluded.available, until = excluded.until, version = excluded.version
      where known.version < excluded.version`;
}

/** What cannot be ordered at each of these locations that the organization has. Of several reasons the one that lasts longest counts. */
export async function readUnavailable(
  tx: Tx,
  locationIds: readonly string[],
): Promise<ReadonlyMap<string, Unavailable>> {
  const rows = await runPrepared<{ locationId: string; id: string | null; until: Date | null }>(tx, UNAVAILABLE, [
    locationIds,
  ]);
  const unavailable = new Map(rows.map(({ locationId }) => [locationId, new Map<string, number>()]));
  for (const { locationId, id, until } of rows) {
    if (id === null) continue;
    const there = unavailable.get(locationId);
    there?.set(id, Math.max(there.get(id) ?? 0, until?.getTime() ?? Number.POSITIVE_INFINITY));
  }
  return unavailable;
}

const UNAVAILABLE = {
  name: 'availabilities.unavailable',
  text: `
    select known.id as "locationId", coalesce(variation_id, item_id) as id, until
    from known_locations known
      left join availabilities on location_id = known.id and not available and (until is null or until > now())
    where known.id = any($1::uuid[])`,
};
