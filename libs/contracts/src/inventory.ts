import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { Page, PageQuery } from './paging.js';
import { BusinessDate, Id, Instant, Line } from './primitives.js';
import { CountedQuantity, DeliveryCost, StockCost, StockDifference, StockQuantity, Unit } from './stock-items.js';

export * from './purchasing.js';
export * from './stock-items.js';
export * from './transfers.js';
export * from './variances.js';

export const MovementKind = z
  .enum(['receipt', 'sale', 'return', 'waste', 'count', 'adjustment', 'transfer'])
  .meta({ id: 'MovementKind' });

/** One change of one stock item. Never altered; a mistake is answered by another. */
export const Movement = z
  .object({
    id: Id,
    causeId: Id.meta({ description: 'The order, receipt, count, waste entry, adjustment or transfer it belongs to.' }),
    locationId: Id,
    stockItemId: Id,
    kind: MovementKind,
    quantity: z.int().meta({
      description: 'In the stock item’s unit: what came (positive) or went (negative). Of a count: what was counted.',
    }),
    unit: Unit,
    orderId: Id.nullable(),
    lineId: Id.nullable(),
    recipeId: Id.nullable(),
    recipeVersion: z.int().nullable().meta({ description: 'The version in force when it was ordered.' }),
    reason: z.string().nullable(),
    cost: StockCost.nullable().optional().meta({
      description:
        'At the moving average that was known when it was booked; of a count, what was counted is worth. Null or absent: not known.',
    }),
    businessDate: BusinessDate,
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'Movement' });
export type Movement = z.infer<typeof Movement>;
export type MovementKind = z.infer<typeof MovementKind>;

// ── Movements and levels ──

/** What was entered by hand: a receipt, a count, waste, an adjustment. */
export const StockEntry = z
  .object({
    id: Id,
    kind: z.enum(['receipt', 'count', 'waste', 'adjustment']),
    locationId: Id,
    reference: z.string().nullable(),
    reason: z.string().nullable(),
    movements: z.array(z.object({ id: Id, stockItemId: Id, quantity: z.int(), unit: Unit })),
    businessDate: BusinessDate,
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'StockEntry' });
export type StockEntry = z.infer<typeof StockEntry>;

const entryLines = <Q extends z.ZodType>(id: string, given: Q) =>
  z
    .array(z.strictObject({ stockItemId: Id, quantity: given }).meta({ id }))
    .min(1)
    .max(1_000);
const entryFields = { id: Id.optional(), locationId: Id, occurredAt: Instant.optional() };
const entry = {
  method: 'POST',
  scope: 'inventory:write',
  idempotent: true,
  answer: StockEntry,
  refusals: ['id_taken', 'reference_unknown', 'unit_mismatch', 'amount_too_large', 'time_not_allowed'],
} as const;
const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export const ReceiveStock = defineEndpoint({
  ...entry,
  id: 'receiveStock',
  path: '/v1/inventory/receipts',
  summary: 'Stock came in.',
  body: z
    .strictObject({
      ...entryFields,
      reference: Line(100).nullable().default(null).meta({ description: 'The number on the delivery note.' }),
      lines: z
        .array(
          z
            .strictObject({
              stockItemId: Id,
              quantity: StockQuantity,
              cost: DeliveryCost.optional().meta({
                description:
                  'Of the whole line, in minor units of the location’s currency. Unless given: at the average.',
              }),
            })
            .meta({ id: 'ReceiptLine' }),
        )
        .min(1)
        .max(1_000),
    })
    .meta({ id: 'NewReceipt' }),
  example: { locationId: ID, lines: [{ stockItemId: ID, quantity: { amount: 20, unit: 'kg' } }] },
});

export const CountStock = defineEndpoint({
  ...entry,
  id: 'countStock',
  path: '/v1/inventory/counts',
  summary: 'Somebody counted what is there. From then on the level is this, and what moved after it.',
  description: 'A stock item that stands in several places may be given several times: the lines add up.',
  body: z.strictObject({ ...entryFields, lines: entryLines('CountLine', CountedQuantity) }).meta({ id: 'NewCount' }),
  example: { locationId: ID, lines: [{ stockItemId: ID, quantity: { amount: 3200, unit: 'g' } }] },
});

export const WasteStock = defineEndpoint({
  ...entry,
  id: 'wasteStock',
  path: '/v1/inventory/waste',
  summary: 'Stock was thrown away, with a reason.',
  body: z
    .strictObject({ ...entryFields, reason: Line(200), lines: entryLines('WasteLine', StockQuantity) })
    .meta({ id: 'NewWaste' }),
  example: { locationId: ID, reason: 'Fell', lines: [{ stockItemId: ID, quantity: { amount: 2, unit: 'piece' } }] },
});

export const AdjustStock = defineEndpoint({
  ...entry,
  id: 'adjustStock',
  path: '/v1/inventory/adjustments',
  summary: 'Puts a mistake right: more or less of something, with a reason. What was recorded stays recorded.',
  body: z
    .strictObject({ ...entryFields, reason: Line(200), lines: entryLines('AdjustmentLine', StockDifference) })
    .meta({ id: 'NewAdjustment' }),
  example: {
    locationId: ID,
    reason: 'Receipt of Friday: 5 kg, not 50',
    lines: [{ stockItemId: ID, quantity: { amount: -45, unit: 'kg' } }],
  },
});

/** How much of a stock item there is at a location: the last count, and all that moved after it. */
export const StockLevel = z
  .object({
    id: Id,
    locationId: Id,
    stockItemId: Id,
    name: z.string(),
    unit: Unit,
    quantity: z.int(),
    value: z.int().meta({
      description: 'What it is worth, in millionths of a minor unit: as far as its cost is known.',
    }),
    low: z.boolean(),
    depleted: z.boolean(),
    belowFloor: z.boolean().meta({ description: 'Below what the stock item says is possible: count it.' }),
    countedAt: Instant.nullable(),
    updatedAt: Instant,
  })
  .meta({ id: 'StockLevel' });
export type StockLevel = z.infer<typeof StockLevel>;

export const ListLevels = defineEndpoint({
  id: 'listLevels',
  method: 'GET',
  path: '/v1/inventory/levels',
  summary: 'How much there is, by location and stock item.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    stockItemId: Id.optional(),
    state: z.enum(['low', 'depleted', 'below_floor']).optional().meta({ description: 'These alone.' }),
  }),
  answer: Page('StockLevelPage', StockLevel),
});

export const ListMovements = defineEndpoint({
  id: 'listMovements',
  method: 'GET',
  path: '/v1/inventory/movements',
  summary: 'What came and went, newest first.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    stockItemId: Id.optional(),
    orderId: Id.optional(),
    causeId: Id.optional(),
    businessDate: BusinessDate.optional(),
    kind: MovementKind.optional(),
  }),
  answer: Page('MovementPage', Movement),
});

export const SummarizeMovements = defineEndpoint({
  id: 'summarizeMovements',
  method: 'POST',
  path: '/v1/inventory/movements/summary',
  summary: 'How many of these orders stock has followed, and with how many movements. Changes nothing.',
  scope: 'inventory:read',
  body: z.strictObject({ orderIds: z.array(Id).min(1).max(1_000) }).meta({ id: 'MovementQuestion' }),
  answer: z
    .object({
      orders: z.int().meta({ description: 'Those that are booked, also where nothing of them is kept in stock.' }),
      movements: z.int(),
    })
    .meta({ id: 'MovementSummary' }),
  example: { orderIds: [ID] },
});

// ── Events ──

export const StockMoved = defineEvent('comanda.stock.moved.v1', {
  service: 'inventory',
  summary: 'Stock came or went: all movements of one cause together.',
  subject: 'causeId',
  data: z.object({
    causeId: Id.meta({ description: 'The order, receipt, count or waste entry that moved it.' }),
    kind: MovementKind,
    locationId: Id,
    movements: z.array(Movement.omit({ causeId: true, recordedAt: true, locationId: true, kind: true })),
  }),
  example: {
    causeId: ID,
    kind: 'sale',
    locationId: ID,
    movements: [
      {
        id: ID,
        stockItemId: ID,
        quantity: -180,
        unit: 'g',
        orderId: ID,
        lineId: ID,
        recipeId: ID,
        recipeVersion: 1,
        reason: null,
        businessDate: '2026-03-06',
        occurredAt: '2026-03-06T19:30:00.000Z',
      },
    ],
  },
});

const levelData = z.object({
  id: Id.meta({ description: 'Of the level: one for each location and stock item.' }),
  locationId: Id,
  stockItemId: Id,
  name: z.string(),
  quantity: z.int(),
  unit: Unit,
});
const levelExample = {
  id: ID,
  locationId: ID,
  stockItemId: ID,
  name: 'Mozzarella Cheese',
  quantity: 900,
  unit: 'g' as const,
};

export const StockLow = defineEvent('comanda.stock.low.v1', {
  service: 'inventory',
  summary: 'A level fell to its threshold: once, until it has recovered.',
  subject: 'id',
  data: levelData,
  example: levelExample,
});

/** What can no longer be made (or can again). */
const affected = z.array(z.object({ itemId: Id, variationId: Id }));

export const StockDepleted = defineEvent('comanda.stock.depleted.v1', {
  service: 'inventory',
  summary: 'A stock item has run out at a location.',
  subject: 'id',
  data: levelData.extend({ affected }),
  example: { ...levelExample, quantity: 0, affected: [{ itemId: ID, variationId: ID }] },
});

export const StockReplenished = defineEvent('comanda.stock.replenished.v1', {
  service: 'inventory',
  summary: 'A stock item that had run out is there again.',
  subject: 'id',
  data: levelData.extend({
    affected: affected.meta({ description: 'What it had kept from being sold and nothing else still does.' }),
  }),
  example: { ...levelExample, quantity: 5000, affected: [{ itemId: ID, variationId: ID }] },
});
