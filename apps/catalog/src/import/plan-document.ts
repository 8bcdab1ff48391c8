import type { CatalogDocument, DocumentResult } from '@comanda/contracts';
import { canonicalJson, type Fault } from '@comanda/platform';
import { type Kind, type KindName, KINDS, type Reference } from '../drafts/kinds.js';
import type { Drafted, DraftedObject, DraftedOverride, NamedLocation } from './document.store.js';

/** Under which name a document lists the objects of each kind. */
const LISTS = {
  category: 'categories',
  schedule: 'schedules',
  tax: 'taxes',
  modifier_group: 'modifierGroups',
  item: 'items',
  service_charge: 'serviceCharges',
  location_group: 'locationGroups',
} as const satisfies Record<KindName, keyof CatalogDocument>;

/** What a document makes of the drafts, and what there is to say of it. */
export interface DocumentPlan extends Pick<DocumentResult, 'counts' | 'changes'> {
  readonly objects: readonly DraftedObject[];
  readonly overrides: readonly DraftedOverride[];
}

/** Everything that is drafted, as a document. Equal drafts give equal documents. */
export function toDocument({ objects, overrides, locations }: Drafted): CatalogDocument {
  const live = objects.filter(({ archived }) => !archived);
  const lists = KINDS.map((kind) => [
    LISTS[kind.name],
    live.filter((object) => object.kind === kind.name).map(({ id, data }) => ({ id, ...settled(kind, id, data) })),
  ]);
  const items = new Set(live.map(({ id }) => id));
  return {
    format: 'comanda.catalog.v1',
    locations: locations.map(({ id, name }) => ({ id, name })),
    ...Object.fromEntries(lists),
    overrides: overrides.filter(({ itemId }) => items.has(itemId)),
  } as CatalogDocument;
}

/**
 * Lays a document over the drafts. The same document over what it led to leads to nothing.
 * @returns with faults, which point into the document, the plan is not whole
 */
export function planDocument(given: CatalogDocument, present: Drafted): { plan: DocumentPlan; faults: Fault[] } {
  const document = atOwnLocations(given, present.locations);
  const objects = KINDS.flatMap((kind) =>
    (document[LISTS[kind.name]] as ({ id: string } & DraftedObject['data'])[]).map(({ id, ...data }, at) => ({
      kind,
      id,
      data,
      pointer: `/${LISTS[kind.name]}/${at}`,
    })),
  );
  const overrides = document.overrides.map((override, at) => ({ ...override, pointer: `/overrides/${at}` }));
  const known = new Map(present.objects.map((object) => [object.id, object]));
  const after = overlay(objects, present);
  const faults = [
    ...objects.flatMap((object) => faultsOf(object, after, known.get(object.id)?.kind)),
    ...twice(objects.map(({ id, pointer }) => [id, `${pointer}/id`])),
    ...twice(after.partIds),
    ...twice(after.codes),
    ...overrides.flatMap((override) => faultsOfOverride(override, after, present.locations)),
    ...twice(overrides.map(({ locationId, itemId, pointer }) => [`${locationId} ${itemId}`, pointer])),
  ];
  const differing = new Map(present.overrides.map((override) => [keyOf(override), canonicalJson(override)]));
  const states = [
    ...objects.map(({ kind, id, data, pointer }) => {
      const held = known.get(id);
      const before = held && !held.archived && held.kind === kind.name ? held : undefined;
      const same = before && canonicalJson(settled(kind, id, before.data)) === canonicalJson(data);
      return { list: LISTS[kind.name], pointer, state: stateOf(before, same) };
    }),
    ...overrides.map(({ pointer, ...override }) => {
      const before = differing.get(keyOf(override));
      return { list: 'overrides' as const, pointer, state: stateOf(before, before === canonicalJson(override)) };
    }),
  ];
  const stale = new Set(states.flatMap(({ pointer, state }) => (state === 'unchanged' ? [] : [pointer])));
  return {
    faults,
    plan: {
      objects: objects
        .filter(({ pointer }) => stale.has(pointer))
        .map(({ kind, id, data }) => ({ kind: kind.name, id, data })),
      overrides: overrides.filter(({ pointer }) => stale.has(pointer)).map(({ pointer: _, ...override }) => override),
      counts: countsOf(states),
      changes: states.flatMap(({ pointer, state }) => (state === 'unchanged' ? [] : [{ pointer, change: state }])),
    },
  };
}

type State = 'created' | 'changed' | 'unchanged';
const stateOf = (before: unknown, same: boolean | undefined): State =>
  before ? (same ? 'unchanged' : 'changed') : 'created';

interface Named {
  readonly kind: Kind;
  readonly id: string;
  readonly data: DraftedObject['data'];
  readonly pointer: string;
}
interface Part {
  readonly id?: string;
  readonly sku?: string | null;
}

/** Something that must not stand twice, and where it stands; nowhere when the document does not name it. */
type Place = readonly [key: string, pointer: string];

/** What there will be: which objects of which kind, their parts, and who has which code. */
interface Overlay {
  readonly kinds: ReadonlyMap<string, KindName>;
  readonly parts: ReadonlyMap<string, readonly Part[]>;
  readonly partIds: readonly Place[];
  readonly codes: readonly Place[];
  readonly variations: ReadonlySet<string>;
  readonly locations: ReadonlySet<string>;
}

function overlay(objects: readonly Named[], present: Drafted): Overlay {
  const named = new Set(objects.map(({ id }) => id));
  const kept = present.objects
    .filter(({ id, archived }) => !archived && !named.has(id))
    .flatMap(({ kind: name, id, data }) => {
      const kind = KINDS.find((each) => each.name === name);
      return kind ? [{ kind, id, data, pointer: '' }] : [];
    });
  const all = [...kept, ...objects];
  const placesOf = (field: 'id' | 'sku'): Place[] =>
    all.flatMap((object) =>
      partsOf(object).flatMap(({ [field]: key }, at) =>
        key ? [[key, object.pointer && `${object.pointer}/${object.kind.parts}/${at}/${field}`] as const] : [],
      ),
    );
  return {
    kinds: new Map(all.map(({ id, kind }) => [id, kind.name])),
    parts: new Map(all.map((object) => [object.id, partsOf(object)])),
    partIds: placesOf('id'),
    codes: placesOf('sku'),
    variations: new Set(
      all.flatMap((object) => (object.kind.name === 'item' ? partsOf(object) : [])).map(({ id = '' }) => id),
    ),
    locations: new Set(present.locations.map(({ id }) => id)),
  };
}

const partsOf = ({ kind, data }: Pick<Named, 'kind' | 'data'>): readonly Part[] =>
  kind.parts ? (data[kind.parts] as readonly Part[]) : [];

function faultsOf(object: Named, after: Overlay, before: KindName | undefined): Fault[] {
  const { kind, data, pointer } = object;
  const parts = partsOf(object);
  return [
    ...(before && before !== kind.name
      ? [{ pointer: `${pointer}/id`, detail: `There is a ${wordsOf(before)} with this id.` }]
      : []),
    ...parts.flatMap((part, at) =>
      part.id === undefined ? [{ pointer: `${pointer}/${kind.parts}/${at}/id`, detail: 'Is missing.' }] : [],
    ),
    ...kind
      .references(data)
      .filter((reference) => !isThere(reference, after))
      .map((reference) => ({
        pointer: `${pointer}${reference.pointer}`,
        detail: `There is no such ${wordsOf(reference.kind)}.`,
      })),
  ];
}

function isThere({ kind, id, of }: Reference, { kinds, parts, variations, locations }: Overlay): boolean {
  if (kind === 'location') return locations.has(id);
  if (kind === 'variation') return of === undefined ? variations.has(id) : hasPart(parts.get(of), id);
  return kinds.get(id) === kind;
}

const hasPart = (parts: readonly Part[] = [], id: string): boolean => parts.some((part) => part.id === id);

function faultsOfOverride(
  { locationId, itemId, variations, pointer }: DraftedOverride & { readonly pointer: string },
  { kinds, parts }: Overlay,
  locations: readonly NamedLocation[],
): Fault[] {
  const location = locations.find(({ id }) => id === locationId);
  return [
    ...(location ? [] : [{ pointer: `${pointer}/locationId`, detail: 'There is no such location.' }]),
    ...(kinds.get(itemId) === 'item' ? [] : [{ pointer: `${pointer}/itemId`, detail: 'There is no such item.' }]),
    ...variations.flatMap(({ variationId, price, timedPrices = [] }, at) => [
      ...(hasPart(parts.get(itemId), variationId)
        ? []
        : [{ pointer: `${pointer}/variations/${at}/variationId`, detail: 'The item has no such variation.' }]),
      ...(price && location && price.currency !== location.currency
        ? [
            {
              pointer: `${pointer}/variations/${at}/price/currency`,
              detail: `The location sells in ${location.currency}.`,
            },
          ]
        : []),
      ...timedPrices.flatMap((timed, t) => {
        const there = `${pointer}/variations/${at}/timedPrices/${t}`;
        return [
          ...(kinds.get(timed.scheduleId) === 'schedule'
            ? []
            : [{ pointer: `${there}/scheduleId`, detail: 'There is no such schedule.' }]),
          ...(location && timed.price.currency !== location.currency
            ? [{ pointer: `${there}/price/currency`, detail: `The location sells in ${location.currency}.` }]
            : []),
        ];
      }),
    ]),
    ...twice(variations.map(({ variationId }, at) => [variationId, `${pointer}/variations/${at}/variationId`])),
  ];
}

/** What stands in two places, each time after the first. */
function twice(named: readonly Place[]): Fault[] {
  const seen = new Set<string>();
  return named.flatMap(([key, pointer]) =>
    seen.size === seen.add(key).size && pointer !== '' ? [{ pointer, detail: 'Already in use.' }] : [],
  );
}

/** The document with the ids of the organization's own locations, which are found by name where an id is another's. */
function atOwnLocations(document: CatalogDocument, own: readonly NamedLocation[]): CatalogDocument {
  const ids = new Set(own.map(({ id }) => id));
  const meant = new Map(
    document.locations.flatMap(({ id, name }) => {
      const [found, another] = own.filter((location) => location.name === name);
      return !ids.has(id) && found && !another ? [[id, found.id] as const] : [];
    }),
  );
  if (meant.size === 0) return document;
  // Ids are unique, so that nothing but the location itself is replaced.
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'string' ? (meant.get(value) ?? value) : value,
  ) as CatalogDocument;
}

/** An object with the defaults of fields that came after it was written. */
function settled(kind: Kind, id: string, data: DraftedObject['data']): DraftedObject['data'] {
  const { id: _, ...fields } = kind.routes.create.body.parse({ id, ...data });
  return fields;
}

const keyOf = ({ locationId, itemId }: DraftedOverride): string => `${locationId} ${itemId}`;
const wordsOf = (kind: string): string => kind.replace('_', ' ');

function countsOf(states: readonly { list: keyof DocumentResult['counts']; state: State }[]): DocumentResult['counts'] {
  const lists = [...Object.values(LISTS), 'overrides' as const];
  const of = (list: string, wanted: State): number =>
    states.filter((each) => each.list === list && each.state === wanted).length;
  return Object.fromEntries(
    lists.map((list) => [
      list,
      { created: of(list, 'created'), changed: of(list, 'changed'), unchanged: of(list, 'unchanged') },
    ]),
  ) as DocumentResult['counts'];
}
