import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Id } from './primitives.js';
import { StockCost, Unit } from './stock-items.js';

/** What a stock item should have been and what was counted, on one business day. */
export const Variance = z
  .object({
    locationId: Id,
    stockItemId: Id,
    name: z.string(),
    unit: Unit,
    businessDate: BusinessDate,
    theoretical: z.int().meta({ description: 'What the movements come to: counted + variance.' }),
    counted: z.int().meta({ description: 'By the last count of the day.' }),
    variance: z.int().meta({ description: 'Theoretical − counted, of all counts of the day: positive is lost.' }),
    cost: StockCost.nullable().meta({
      description: 'Of the variance, at the average when it was counted. Null: not known.',
    }),
  })
  .meta({ id: 'Variance' });
export type Variance = z.infer<typeof Variance>;

export const ListVariances = defineEndpoint({
  id: 'listVariances',
  method: 'GET',
  path: '/v1/inventory/variances',
  summary: 'What counting found missing or too much, by business day, location and stock item, oldest first.',
  description:
    'A movement that comes to be known after the count, but happened before it, changes what the count found, never the stock.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    stockItemId: Id.optional(),
    from: BusinessDate.optional().meta({ description: 'From this business day on.' }),
    to: BusinessDate.optional().meta({ description: 'To the end of this business day.' }),
  }),
  answer: Page('VariancePage', Variance),
});
