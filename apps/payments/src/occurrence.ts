import { type Caller, type Occurrence, occurrenceOf, Refusal, type Tx } from '@comanda/platform';
import { KnownLocationRow } from '@comanda/service';

/**
 * When something happened at a location, for a step that is in its transaction already.
 * @throws Refusal `time_not_allowed`, `reference_unknown`
 */
export async function occurrenceAt(
  tx: Tx,
  caller: Caller,
  given: string | undefined,
  locationId: string,
): Promise<Occurrence> {
  const location = await tx.findOneBy(KnownLocationRow, { id: locationId });
  if (!location) throw new Refusal('reference_unknown', 'There is no such location.', { locationId });
  return occurrenceOf(caller, given, location);
}
