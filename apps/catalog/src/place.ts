import { type Caller, Refusal, requireLocation } from '@comanda/platform';
import type { KnownLocationRow, KnownLocations } from '@comanda/service';

/**
 * The location that a path names.
 * @throws Refusal `location_forbidden` for a credential bound to others, `not_found` when the organization has none such
 */
export async function placeIn(
  locations: KnownLocations,
  caller: Caller,
  { locationId }: { locationId: string },
): Promise<KnownLocationRow> {
  requireLocation(caller, locationId);
  const location = await locations.find(caller.organizationId, locationId);
  if (!location) throw new Refusal('not_found', 'There is no such location.');
  return location;
}
