import type { Envelope, ItemAvailabilityChanged } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
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

/** What cannot be ordered at a location. Of several reasons the one that lasts longest counts. */
export async function readUnavailable(tx: Tx, locationId: string): Promise<Unavailable> {
  const rows = await tx.sql<{ id: string; until: Date | null }[]>`
    select coalesce(variation_id, item_id) as id, until from availabilities
    where location_id = ${locationId} and not available and (until is null or until > now())`;
  const unavailable = new Map<string, number>();
  for (const { id, until } of rows)
    unavailable.set(id, Math.max(unavailable.get(id) ?? 0, until?.getTime() ?? Number.POSITIVE_INFINITY));
  return unavailable;
}
