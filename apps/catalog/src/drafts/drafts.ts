import { type Caller, constraintOf, type Fault, given, newId, Refusal, type Tx } from '@comanda/platform';
import {
  archiveDraft,
  bookParts,
  draftsNaming,
  insertDraft,
  itemsOfVariations,
  keepDrafts,
  knownLocationsAmong,
  lockDraft,
  releaseCodes,
  type StoredDraft,
  updateDraft,
} from './drafts.store.js';
import type { Kind, Part, Reference } from './kinds.js';

type Given = Readonly<Record<string, unknown>>;

/** A draft object as it is answered. */
export const toResource = ({ id, data, version, createdAt, updatedAt }: StoredDraft) => ({
  id,
  ...data,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Refuses a credential that is bound to some locations: what is drafted here is sold at all of them. */
export function requireWholeChain({ locations }: Caller): void {
  if (locations)
    throw new Refusal('location_forbidden', 'The credential is valid for some locations only; this concerns them all.');
}

/**
 * Drafts an object.
 * @throws Refusal `id_taken`, `sku_taken`, `reference_unknown`
 */
export async function createDraft(
  tx: Tx,
  kind: Kind,
  organizationId: string,
  { id = newId(), ...body }: Given & { id?: string | undefined },
): Promise<StoredDraft> {
  const data = withPartIds(kind, body);
  await requireReferences(tx, kind.references(data));
  const stored = await insertDraft(tx, organizationId, { id, kind: kind.name, data });
  if (!stored) throw new Refusal('id_taken', 'There is an object with this id.', { errors: [taken('/id')] });
  await book(tx, organizationId, id, partsOf(kind, data));
  return stored;
}

/** Locks a draft object for a change, as it is now. */
export async function draftToChange(tx: Tx, kind: Kind, id: string): Promise<StoredDraft> {
  return required(await lockDraft(tx, kind.name, id));
}

/**
 * Changes an object that is locked; what the change leaves out stays.
 * @throws Refusal as `createDraft`
 */
export async function changeDraft(
  tx: Tx,
  kind: Kind,
  organizationId: string,
  { id, data: before }: StoredDraft,
  change: Given,
): Promise<StoredDraft> {
  const data = withPartIds(kind, { ...before, ...given(change) });
  await requireReferences(tx, kind.references(data));
  if (kind.parts && change[kind.parts] !== undefined) {
    await releaseCodes(tx, [id]);
    await book(tx, organizationId, id, partsOf(kind, data));
  }
  return updateDraft(tx, id, data);
}

/**
 * Takes an object that is locked out of the drafts, and frees its codes.
 * @throws Refusal `resource_in_use` when others name it, or a part of it
 */
export async function archive(tx: Tx, kind: Kind, { id, data }: StoredDraft): Promise<void> {
  const users = await draftsNaming(tx, id, [id, ...partsOf(kind, data).map((part) => part.id)]);
  if (users.length > 0)
    throw new Refusal('resource_in_use', 'Others still refer to it: change them first.', {
      errors: users.map((user) => ({
        pointer: `/${user.kind}/${user.id}`,
        detail: `A ${user.kind.replace('_', ' ')} refers to it.`,
      })),
    });
  await releaseCodes(tx, [id]);
  await archiveDraft(tx, id);
}

/** @throws Refusal `not_found` */
export function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Refusal('not_found', 'There is no such resource.');
  return found;
}

/** Parts that come without an id are new and get one. */
function withPartIds<Data extends Given>(kind: Kind, data: Data): Data {
  if (!kind.parts) return data;
  return { ...data, [kind.parts]: listOf(data[kind.parts]).map((part) => ({ ...part, id: part.id ?? newId() })) };
}

function partsOf(kind: Kind, data: Given): Part[] {
  if (!kind.parts) return [];
  const field = kind.parts;
  return listOf(data[field]).map(({ id = '', sku = null }, i) => ({ id, sku, pointer: `/${field}/${i}` }));
}

const listOf = (list: unknown) => list as readonly { id?: string; sku?: string | null }[];

async function book(tx: Tx, organizationId: string, objectId: string, parts: readonly Part[]): Promise<void> {
  if (parts.length === 0) return;
  refuseTwice(parts);
  const own = await booked(
    tx,
    organizationId,
    parts.map(({ id, sku }) => ({ objectId, id, sku })),
  );
  const errors = parts.filter(({ id }) => !own.has(id)).map(({ pointer }) => taken(`${pointer}/id`));
  if (errors.length > 0) throw new Refusal('id_taken', 'A part has the id of another object’s part.', { errors });
}

/**
 * Books parts of one or more objects; see `bookParts`.
 * @throws Refusal `sku_taken`
 */
export async function booked(...args: Parameters<typeof bookParts>): Promise<Set<string>> {
  try {
    return await bookParts(...args);
  } catch (error) {
    if (constraintOf(error) === 'catalog_parts_sku')
      throw new Refusal('sku_taken', 'A code (sku) is already in use for something else.', {}, { cause: error });
    throw error;
  }
}

/** Two parts with one id, or one code, in the same list. */
function refuseTwice(parts: readonly Part[]): void {
  const twice = (of: (part: Part) => string | null): Part[] =>
    parts.filter((part, i) => of(part) !== null && parts.findIndex((other) => of(other) === of(part)) < i);
  const [id] = twice((part) => part.id);
  if (id) throw new Refusal('id_taken', 'Two parts have the same id.', { errors: [taken(`${id.pointer}/id`)] });
  const [sku] = twice((part) => part.sku);
  if (sku) throw new Refusal('sku_taken', 'Two parts have the same code.', { errors: [taken(`${sku.pointer}/sku`)] });
}

const taken = (pointer: string): Fault => ({ pointer, detail: 'Already in use.' });

async function requireReferences(tx: Tx, references: readonly Reference[]): Promise<void> {
  const ids = (wanted: (reference: Reference) => boolean) => references.filter(wanted).map(({ id }) => id);
  const locationIds = ids(({ kind }) => kind === 'location');
  const variationIds = ids(({ kind }) => kind === 'variation');
  const objectIds = ids(({ kind }) => kind !== 'location' && kind !== 'variation');
  const locations = locationIds.length > 0 ? await knownLocationsAmong(tx, locationIds) : new Set<string>();
  const objects = new Map(
    objectIds.length > 0 ? (await keepDrafts(tx, objectIds)).map(({ id, kind }) => [id, kind]) : [],
  );
  // After the items are kept: their variations stay as they are read.
  const itemOf = variationIds.length > 0 ? await itemsOfVariations(tx, variationIds) : new Map<string, string>();
  const isKnown = ({ kind, id, of }: Reference): boolean => {
    if (kind === 'location') return locations.has(id);
    if (kind === 'variation') return of === undefined ? itemOf.has(id) : itemOf.get(id) === of;
    return objects.get(id) === kind;
  };
  const unknown = references.filter((reference) => !isKnown(reference));
  if (unknown.length === 0) return;
  throw new Refusal('reference_unknown', 'The object refers to something that does not exist.', {
    errors: unknown.map(({ kind, pointer }) => ({ pointer, detail: `There is no such ${kind.replace('_', ' ')}.` })),
  });
}
