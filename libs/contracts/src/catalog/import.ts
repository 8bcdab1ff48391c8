import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { Currency, Line } from '../primitives.js';

/** The name, in the file's first line, of the column that holds something. */
const column = (name: string) => Line(100).default(name);

/** Whether to say only what would change. */
export const dryRun = z
  .enum(['true', 'false'])
  .default('false')
  .transform((said) => said === 'true')
  .meta({ description: '`true`: say what would change, and change nothing.' });

/** How a spreadsheet is written. */
const SheetQuery = z.strictObject({
  encoding: z.enum(['utf-8', 'windows-1252']).default('utf-8'),
  delimiter: z.enum([',', ';', '|', '\t']).default(','),
  decimal: z.enum(['.', ',']).default('.').meta({ description: 'What separates the minor units in a price.' }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .max(35)
    .optional()
    .meta({ description: 'The language of the names; the organization’s first unless given.' }),
});

const ImportQuery = SheetQuery.extend({
  dryRun,
  currency: Currency.optional().meta({ description: 'Of the prices in lines that name none.' }),
  idColumn: column('id'),
  skuColumn: column('sku'),
  itemColumn: column('item'),
  categoryColumn: column('category'),
  variationColumn: column('variation'),
  priceColumn: column('price'),
  currencyColumn: column('currency'),
});

/** How many the file named, and what became of them. */
export const ImportCounts = z
  .object({ created: z.int().min(0), changed: z.int().min(0), unchanged: z.int().min(0) })
  .meta({ id: 'ImportCounts' });

/** What a file changed, or would change. */
export const ImportResult = z
  .object({
    dryRun: z.boolean(),
    lines: z.int().min(0).meta({ description: 'Lines with something in them, without the headings.' }),
    categories: ImportCounts,
    items: ImportCounts,
    variations: ImportCounts,
    changes: z
      .array(
        z
          .object({
            line: z.int().min(1).meta({ description: 'In the file, the headings being line 1.' }),
            kind: z.enum(['category', 'item', 'variation']),
            name: z.string(),
            field: z
              .enum(['name', 'category', 'sku', 'price'])
              .nullable()
              .meta({ description: 'Null: all of it is new.' }),
            from: z.string().nullable(),
            to: z.string().nullable(),
          })
          .meta({ id: 'ImportChange' }),
      )
      .meta({ description: 'The first 500 of them.' }),
  })
  .meta({ id: 'ImportResult' });
export type ImportResult = z.infer<typeof ImportResult>;

export const ImportCatalog = defineEndpoint({
  id: 'importCatalog',
  method: 'POST',
  path: '/v1/catalog/import',
  summary: 'Drafts items, variations and prices from a spreadsheet (CSV): all of it, or nothing.',
  description: `A line is a price of a variation. The first line names the columns, in any order and in small or capital letters; others than these are ignored:
- \`item\` (needed): the item's name.
- \`price\` (needed): in major units, such as \`12.50\`; a currency sign is ignored.
- \`currency\`: ISO 4217; needed unless the parameter \`currency\` is given.
- \`variation\`: such as \`L\`; an item without variations has one, called \`Regular\`.
- \`id\`: of the variation, as an export writes it.
- \`sku\`: a code of your own, unique in the organization.
- \`category\`: made if it does not exist; empty leaves the item where it is.

A variation is found by its id, else by its sku, else by item and variation name; what is not found is made, what differs is changed, what the file does not name stays. Importing the same file again changes nothing. Nobody sells from it until it is published.

In a refusal \`errors[].pointer\` is \`line/<number>/<column>\`.`,
  scope: 'catalog:write',
  query: ImportQuery,
  body: z.instanceof(Uint8Array),
  consumes: 'text/csv',
  bodyLimitMiB: 16,
  idempotent: true,
  status: 200,
  answer: ImportResult,
  refusals: ['import_invalid', 'sku_taken'],
});

export const ExportSheet = defineEndpoint({
  id: 'exportSheet',
  method: 'GET',
  path: '/v1/catalog/export/sheet',
  summary: 'What is drafted as a spreadsheet (CSV) of the shape that the import reads.',
  description:
    'A line for each price of each variation, with its `id`, `sku`, `item`, `category`, `variation`, `currency` and `price`: change some, and import it. Imported as it is, it changes nothing. A name that a spreadsheet would run as a formula has an apostrophe before it, which the import takes away.',
  scope: 'catalog:read',
  query: SheetQuery,
  produces: 'text/csv',
  refusals: ['text_not_encodable'],
});
