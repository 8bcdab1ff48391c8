import type { CatalogDocument } from '@comanda/contracts';
import { CatalogDocument as Document } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import { idOf } from '../testing/drafts.js';
import type { Drafted } from './document.store.js';
import { planDocument, toDocument } from './plan-document.js';

const chicago = { id: idOf('chicago'), name: 'Chicago', currency: 'USD' };
const nothing: Drafted = { objects: [], overrides: [], locations: [chicago] };

/** A chain with something of every kind, each naming the others. */
const document = Document.parse({
  format: 'comanda.catalog.v1',
  locations: [{ id: chicago.id, name: chicago.name }],
  categories: [{ id: idOf('pizza'), name: { en: 'Pizza' } }],
  schedules: [{ id: idOf('lunch'), name: 'Lunch', windows: [{ days: ['monday'], from: '11:00', to: '14:00' }] }],
  taxes: [{ id: idOf('sales'), name: 'Sales tax', rate: 88_750, inclusive: false, locationIds: [chicago.id] }],
  modifierGroups: [
    {
      id: idOf('crust'),
      name: { en: 'Crust' },
      modifiers: [{ id: idOf('thin'), name: { en: 'Thin' }, taxIds: [idOf('sales')] }],
    },
  ],
  items: [
    {
      id: idOf('diavol'),
      name: { en: 'Diavola' },
      categoryId: idOf('pizza'),
      modifierGroupIds: [idOf('crust')],
      variations: [
        {
          id: idOf('small'),
          name: { en: 'S' },
          sku: 'diavola-s',
          prices: { USD: 12_00 },
          timedPrices: [{ scheduleId: idOf('lunch'), prices: { USD: 9_00 } }],
        },
      ],
    },
  ],
  serviceCharges: [{ id: idOf('party'), name: 'Party', rate: 180_000, phase: 'subtotal', taxIds: [idOf('sales')] }],
  locationGroups: [
    {
      id: idOf('airpor'),
      name: 'Airports',
      locationIds: [chicago.id],
      overrides: [{ itemId: idOf('diavol'), variations: [{ variationId: idOf('small'), prices: { USD: 15_00 } }] }],
    },
  ],
  overrides: [
    {
      locationId: chicago.id,
      itemId: idOf('diavol'),
      variations: [{ variationId: idOf('small'), price: { amount: 14_00, currency: 'USD' } }],
    },
  ],
});

const planned = (given: CatalogDocument, present = nothing) => planDocument(given, present);
/** The drafts once a document has been imported. */
const after = (given: CatalogDocument, present = nothing): Drafted => {
  const { plan, faults } = planned(given, present);
  expect(faults).toEqual([]);
  const written = new Map(plan.objects.map((object) => [object.id, { ...object, archived: false }]));
  return {
    ...present,
    objects: [...present.objects.filter(({ id }) => !written.has(id)), ...written.values()],
    overrides: [...present.overrides, ...plan.overrides],
  };
};
const faultsOf = (given: object, present = nothing) =>
  planned(Document.parse({ format: 'comanda.catalog.v1', ...given }), present).faults.map(
    ({ pointer, detail }) => `${pointer}: ${detail}`,
  );

describe('a document', () => {
  test('makes what there is not, of every kind', () => {
    const { plan, faults } = planned(document);
    expect(faults).toEqual([]);
    for (const count of Object.values(plan.counts)) expect(count).toEqual({ created: 1, changed: 0, unchanged: 0 });
    expect(plan.changes).toHaveLength(8);
  });

  test('that was exported changes nothing when it is imported, and is the one that was imported', () => {
    const drafts = after(document);
    const exported = toDocument(drafts);
    expect(exported).toEqual(document);
    expect(planned(exported, drafts).plan).toMatchObject({ objects: [], overrides: [], changes: [] });
  });

  test('changes what says something else, and nothing beside it', () => {
    const dearer = Document.parse(JSON.parse(JSON.stringify(document).replace('"USD":1200', '"USD":1300')));
    const { plan } = planned(dearer, after(document));
    expect(plan.changes).toEqual([{ pointer: '/items/0', change: 'changed' }]);
    expect(plan.objects.map(({ id }) => id)).toEqual([idOf('diavol')]);
  });

  test('leaves what it does not name, and brings back what was archived', () => {
    const drafts = after(document);
    const archived = {
      ...drafts,
      objects: drafts.objects.map((object) => (object.kind === 'item' ? { ...object, archived: true } : object)),
    };
    expect(toDocument(archived)).toMatchObject({ items: [], overrides: [] });
    const { plan } = planned(document, archived);
    expect(plan.changes).toEqual([{ pointer: '/items/0', change: 'created' }]);
  });

  test('goes to another organization, whose locations have the same names and other ids', () => {
    const other = { id: idOf('other'), name: 'Chicago', currency: 'USD' };
    const { plan, faults } = planned(document, { ...nothing, locations: [other] });
    expect(faults).toEqual([]);
    expect(JSON.stringify(plan)).not.toContain(chicago.id);
    expect(plan.overrides).toMatchObject([{ locationId: other.id }]);
    expect(plan.objects.find(({ kind }) => kind === 'tax')?.data).toMatchObject({ locationIds: [other.id] });
  });
});

describe('a document is refused where', () => {
  const diavola = document.items[0]!;
  test.each([
    [
      'it names what is neither in it nor drafted',
      { items: [{ ...diavola, modifierGroupIds: [] }] },
      [
        '/items/0/categoryId: There is no such category.',
        '/items/0/variations/0/timedPrices/0/scheduleId: There is no such schedule.',
      ],
    ],
    [
      'one id is of two objects',
      { categories: [0, 1].map(() => ({ id: idOf('pizza'), name: { en: 'Pizza' } })) },
      ['/categories/1/id: Already in use.'],
    ],
    [
      'two variations have one id',
      {
        items: ['one', 'two'].map((name) => ({
          id: idOf(name),
          name: { en: name },
          variations: [{ id: idOf('same'), name: { en: 'S' } }],
        })),
      },
      ['/items/1/variations/0/id: Already in use.'],
    ],
    [
      'two variations have one sku',
      {
        items: ['one', 'two'].map((name) => ({
          id: idOf(name),
          name: { en: name },
          variations: [{ id: idOf(`${name}1`), name: { en: 'S' }, sku: 'x' }],
        })),
      },
      ['/items/1/variations/0/sku: Already in use.'],
    ],
    [
      'a variation has no id',
      { items: [{ id: idOf('one'), name: { en: 'One' }, variations: [{ name: { en: 'S' } }] }] },
      ['/items/0/variations/0/id: Is missing.'],
    ],
    [
      'an override is of nothing that there is',
      { overrides: [{ locationId: idOf('mars'), itemId: idOf('tea') }] },
      ['/overrides/0/locationId: There is no such location.', '/overrides/0/itemId: There is no such item.'],
    ],
  ])('%s', (_, given, faults) => {
    expect(faultsOf(given)).toEqual(faults);
  });

  test('a price is in a currency that the location does not sell in', () => {
    const [override] = document.overrides;
    const euros = { variationId: idOf('small'), price: { amount: 1, currency: 'EUR' } };
    expect(faultsOf({ overrides: [{ ...override, variations: [euros] }] }, after(document))).toEqual([
      '/overrides/0/variations/0/price/currency: The location sells in USD.',
    ]);
  });

  test('a combo offers what nobody sells', () => {
    const combo = (variationId: string) => ({
      id: idOf('menu'),
      name: { en: 'Lunch' },
      variations: [
        {
          id: idOf('combo'),
          name: { en: 'Weekday' },
          slots: [{ code: 'main', name: { en: 'Main' }, choices: [{ variationId }] }],
        },
      ],
    });
    expect(faultsOf({ items: [combo(idOf('small'))] }, after(document))).toEqual([]);
    expect(faultsOf({ items: [combo(idOf('nought'))] }, after(document))).toEqual([
      '/items/0/variations/0/slots/0/choices/0/variationId: There is no such variation.',
    ]);
  });

  test('an id is of something of another kind', () => {
    expect(faultsOf({ categories: [{ id: idOf('sales'), name: { en: 'Sales' } }] }, after(document))).toContain(
      '/categories/0/id: There is a tax with this id.',
    );
  });

  test('a sku is that of something which it does not name', () => {
    const tea = {
      id: idOf('tea'),
      name: { en: 'Tea' },
      variations: [{ id: idOf('cup'), name: { en: 'Cup' }, sku: 'diavola-s' }],
    };
    expect(faultsOf({ items: [tea] }, after(document))).toEqual(['/items/0/variations/0/sku: Already in use.']);
  });
});
