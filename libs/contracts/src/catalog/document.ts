import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { Id, Line } from '../primitives.js';
import { Categories, Items, ModifierGroups, ServiceCharges, Taxes } from './drafts.js';
import { dryRun, ImportCounts } from './import.js';
import { LocationGroups } from './location-groups.js';
import { PutOverride } from './overrides.js';
import { Schedules } from './schedules.js';

/** Draft objects as they are made, each with its id. */
const withIds = <Shape extends z.ZodObject>(routes: { create: { body: Shape } }, id: string) =>
  z
    .array(routes.create.body.extend({ id: Id }).meta({ id }))
    .max(20_000)
    .default([]);

/** Everything that a chain has drafted, in one piece. */
export const CatalogDocument = z
  .strictObject({
    format: z.literal('comanda.catalog.v1'),
    locations: z
      .array(z.strictObject({ id: Id, name: Line(200) }).meta({ id: 'DocumentLocation' }))
      .max(20_000)
      .default([])
      .meta({
        description:
          'Which locations the document means. One whose id the organization does not have is found by its name, so that a document may go from a test organization to a live one.',
      }),
    categories: withIds(Categories, 'DocumentCategory'),
    schedules: withIds(Schedules, 'DocumentSchedule'),
    taxes: withIds(Taxes, 'DocumentTax'),
    modifierGroups: withIds(ModifierGroups, 'DocumentModifierGroup'),
    items: withIds(Items, 'DocumentItem'),
    serviceCharges: withIds(ServiceCharges, 'DocumentServiceCharge'),
    locationGroups: withIds(LocationGroups, 'DocumentLocationGroup'),
    overrides: z
      .array(
        PutOverride.body
          .omit({ version: true })
          .extend({ locationId: Id, itemId: Id })
          .meta({ id: 'DocumentOverride' }),
      )
      .max(100_000)
      .default([]),
  })
  .meta({ id: 'CatalogDocument' });
export type CatalogDocument = z.output<typeof CatalogDocument>;

const kinds = [
  'categories',
  'schedules',
  'taxes',
  'modifierGroups',
  'items',
  'serviceCharges',
  'locationGroups',
  'overrides',
] as const;

/** What a document changed, or would change. */
export const DocumentResult = z
  .object({
    dryRun: z.boolean(),
    counts: z.record(z.enum(kinds), ImportCounts),
    changes: z
      .array(
        z
          .object({
            pointer: z.string().meta({ description: 'JSON pointer into the document: `/items/3`.' }),
            change: z.enum(['created', 'changed']),
          })
          .meta({ id: 'DocumentChange' }),
      )
      .meta({ description: 'The first 500 of them.' }),
  })
  .meta({ id: 'DocumentResult' });
export type DocumentResult = z.infer<typeof DocumentResult>;

export const ExportDocument = defineEndpoint({
  id: 'exportDocument',
  method: 'GET',
  path: '/v1/catalog/export/document',
  summary: 'Everything that is drafted, in one piece of JSON: to keep, to compare, to take to another organization.',
  description: 'Equal drafts give equal documents. Imported as it is, it changes nothing.',
  scope: 'catalog:read',
  answer: CatalogDocument,
});

export const ImportDocument = defineEndpoint({
  id: 'importDocument',
  method: 'POST',
  path: '/v1/catalog/import/document',
  summary: 'Drafts what a document says: all of it, or nothing.',
  description:
    'What is found by its id is changed, what is not is made, what the document does not name stays; what was archived and is named comes back. Importing the same document again changes nothing. Nobody sells from it until it is published. In a refusal `errors[].pointer` points into the document.',
  scope: 'catalog:write',
  query: z.strictObject({ dryRun }),
  body: CatalogDocument,
  bodyLimitMiB: 16,
  idempotent: true,
  status: 200,
  answer: DocumentResult,
  refusals: ['import_invalid', 'id_taken', 'sku_taken'],
  example: {
    format: 'comanda.catalog.v1',
    categories: [{ id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c01', name: { en: 'Desserts' } }],
    items: [
      {
        id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c02',
        name: { en: 'Tiramisu' },
        categoryId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c01',
        variations: [{ id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c03', name: { en: 'Regular' }, prices: { USD: 750 } }],
      },
    ],
  },
});
