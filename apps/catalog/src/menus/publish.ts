import { type MenuMetadata, type MenuPreview, MenuPublished, type Publication } from '@comanda/contracts';
import { newEvent, publishMany } from '@comanda/events';
import { type Caller, type Fault, Refusal, type Tx } from '@comanda/platform';
import { effectiveMenu } from './effective-menu.js';
import { layersAt } from './layers.js';
import {
  currentPublications,
  insertPublication,
  lockPlaces,
  placeOf,
  readDraft,
  type StoredPublication,
} from './menus.store.js';
import { type SealedMenu, sealMenu } from './sealed-menu.js';

/**
 * Makes the draft the menu of one location, or of all: of all of them or of none. A location whose menu would say what
 * it says now keeps the publication it has, and nobody is told.
 * @returns what each location sells from now, in the order of their ids
 * @throws Refusal `not_found`, `draft_invalid` with all that keeps the draft from being sold
 */
export async function publishMenus(tx: Tx, caller: Caller, locationId: string | null): Promise<Publication[]> {
  const places = await lockPlaces(tx, locationId);
  if (locationId !== null && places.length === 0) throw new Refusal('not_found', 'There is no such location.');
  const locationIds = places.map((place) => place.locationId);
  const { draft, overrides } = await readDraft(tx, locationIds);
  const onSale = new Map((await currentPublications(tx, locationIds)).map((row) => [row.locationId, row]));
  const faults: Fault[] = [];
  const results: { publication: StoredPublication; changed: boolean; warnings: Fault[] }[] = [];
  for (const place of places) {
    const made = effectiveMenu(draft, layersAt(draft, place, overrides.get(place.locationId)), place);
    faults.push(...made.faults);
    // With one fault nothing is published: the rest is looked at for theirs alone.
    if (faults.length === 0)
      results.push({
        ...(await putOnSale(tx, caller, place.locationId, sealMenu(made.menu), onSale.get(place.locationId))),
        warnings: firstOf(made.leftOut),
      });
  }
  if (faults.length > 0)
    throw new Refusal('draft_invalid', 'The draft cannot be sold as it stands.', { errors: faults });
  await publishMany(
    tx,
    results.filter(({ changed }) => changed).map(({ publication }) => toEvent(publication)),
  );
  return results.map(({ publication, changed, warnings }) => ({
    ...toMetadata(publication),
    changed,
    ...(warnings.length > 0 && { warnings }),
  }));
}

/**
 * Tells what publishing would lead to at a location, and changes nothing.
 * @throws Refusal `not_found`
 */
export async function previewMenu(tx: Tx, locationId: string): Promise<MenuPreview> {
  const place = await placeOf(tx, locationId);
  if (!place) throw new Refusal('not_found', 'There is no such location.');
  const { draft, overrides } = await readDraft(tx, [locationId]);
  const [onSale] = await currentPublications(tx, [locationId]);
  const { menu, faults, leftOut } = effectiveMenu(draft, layersAt(draft, place, overrides.get(locationId)), place);
  const { hash } = sealMenu(menu);
  return { changed: hash !== onSale?.hash, menu: { hash, ...menu }, faults, warnings: firstOf(leftOut) };
}

/** As much as somebody reads: the last says how many more there are. */
function firstOf(leftOut: readonly Fault[]): Fault[] {
  const last = leftOut[MOST_WARNINGS - 1];
  if (!last || leftOut.length === MOST_WARNINGS) return [...leftOut];
  const more = leftOut.length - MOST_WARNINGS;
  return [...leftOut.slice(0, MOST_WARNINGS - 1), { ...last, detail: `${last.detail} And ${more} more like these.` }];
}

const MOST_WARNINGS = 50;

/** One statement a location: its menu may be large, and there are as many as there are restaurants. */
async function putOnSale(
  tx: Tx,
  caller: Caller,
  locationId: string,
  { hash, body, items }: SealedMenu,
  present: StoredPublication | undefined,
): Promise<{ publication: StoredPublication; changed: boolean }> {
  if (present?.hash === hash) return { publication: present, changed: false };
  const publication = { locationId, version: (present?.version ?? 0) + 1, hash, items, publishedAt: new Date() };
  await insertPublication(tx, caller.organizationId, publication, { body, publishedBy: caller.id });
  return { publication, changed: true };
}

/** A publication as it is answered. */
export const toMetadata = ({ locationId, hash, version, publishedAt, items }: StoredPublication): MenuMetadata => ({
  locationId,
  hash,
  menuVersion: version,
  publishedAt: publishedAt.toISOString(),
  items,
});

const toEvent = (publication: StoredPublication) =>
  newEvent(MenuPublished, toMetadata(publication), {
    version: publication.version,
    occurredAt: publication.publishedAt,
  });
