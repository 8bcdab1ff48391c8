import { z } from 'zod';
import { defineEvent } from './event.js';
import { BusinessDate, Id, Instant } from './primitives.js';

/** Mass, volume, or pieces. Amounts are whole numbers; a stock item chooses how fine. */
export const Unit = z.enum(['mg', 'g', 'kg', 'ml', 'l', 'piece']).meta({ id: 'Unit' });
export type Unit = z.infer<typeof Unit>;

export const MovementKind = z
  .enum(['receipt', 'sale', 'return', 'waste', 'count', 'adjustment'])
  .meta({ id: 'MovementKind' });

/** One change of one stock item. Never altered; a mistake is answered by another. */
export const Movement = z
  .object({
    id: Id,
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
    businessDate: BusinessDate,
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'Movement' });
export type Movement = z.infer<typeof Movement>;

// ── Events ──

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export const StockMoved = defineEvent('comanda.stock.moved.v1', {
  service: 'inventory',
  summary: 'Stock came or went: all movements of one cause together.',
  subject: 'causeId',
  data: z.object({
    causeId: Id.meta({ description: 'The order, receipt, count or waste entry that moved it.' }),
    kind: MovementKind,
    locationId: Id,
    movements: z.array(Movement.omit({ recordedAt: true, locationId: true, kind: true })),
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
