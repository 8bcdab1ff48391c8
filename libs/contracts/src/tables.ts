import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Order, OrderStatus, PaymentStatus } from './order.js';
import { Id, Instant, Line as Text, Money, Version } from './primitives.js';

const Place = z.int().min(0).max(100_000);

/** A table, where it stands on the plan of its area: whole units of whatever the plan is drawn in. */
export const PlannedTable = z
  .strictObject({
    name: Text(40).meta({ description: 'What orders call it, once at a location.' }),
    seats: z.int().min(0).max(999),
    shape: z.enum(['square', 'rectangle', 'round', 'bar']),
    x: Place,
    y: Place,
    width: Place.min(1),
    height: Place.min(1),
    rotation: z.int().min(0).max(359).default(0),
  })
  .meta({ id: 'PlannedTable' });

const Areas = z
  .array(z.strictObject({ name: Text(100), tables: z.array(PlannedTable).max(500) }).meta({ id: 'FloorArea' }))
  .max(50)
  .meta({ description: 'The name of a table is its own at the location.' });

/** Where the tables of a location stand. It says nothing of who sits at them: that follows from orders. */
export const FloorPlan = z.object({ locationId: Id, areas: Areas, version: Version }).meta({ id: 'FloorPlan' });
export type FloorPlan = z.infer<typeof FloorPlan>;

const PlanParams = z.strictObject({ locationId: Id });

export const ReadFloorPlan = defineEndpoint({
  id: 'readFloorPlan',
  method: 'GET',
  path: '/v1/orders/floor-plans/{locationId}',
  summary: 'The areas of a location and the tables in them; none, until somebody draws them.',
  scope: 'orders:read',
  params: PlanParams,
  answer: FloorPlan,
});

export const SetFloorPlan = defineEndpoint({
  id: 'setFloorPlan',
  method: 'PUT',
  path: '/v1/orders/floor-plans/{locationId}',
  summary: 'Draws the areas of a location and their tables anew.',
  description: 'Orders name their table; one that is on no plan is as good: a bar has none.',
  scope: 'orders:write',
  concurrency: 'required',
  params: PlanParams,
  body: z.strictObject({ areas: Areas, version: Version.optional() }).meta({ id: 'FloorPlanDrawing' }),
  answer: FloorPlan,
  refusals: ['version_stale', 'version_missing', 'table_named_twice'],
  example: {
    areas: [
      {
        name: 'Terrace',
        tables: [{ name: '12', seats: 4, shape: 'round', x: 100, y: 40, width: 60, height: 60 }],
      },
    ],
  },
});

/**
 * How a table stands, by the orders that are open at it: nobody sits there; everything was taken back; something has not been
 * sent yet; the kitchen cooks; all that was sent is ready; some of it is paid; all of it is paid.
 */
export const TableStatus = z
  .enum(['free', 'seated', 'ordered', 'sent', 'ready', 'paying', 'paid'])
  .meta({ id: 'TableStatus' });
export type TableStatus = z.infer<typeof TableStatus>;

export const TableState = z
  .object({
    name: z.string(),
    area: z.string().nullable().meta({ description: 'Null for a table that is on no plan.' }),
    seats: z.int().nullable(),
    status: TableStatus,
    covers: z.int().nullable().meta({ description: 'Of all its orders that say how many.' }),
    since: Instant.nullable().meta({ description: 'When the first of its orders was placed.' }),
    due: Money.nullable().meta({ description: 'What is left to pay; null for a free table.' }),
    orders: z.array(
      z.object({
        id: Id,
        number: z.int(),
        status: OrderStatus,
        paymentStatus: PaymentStatus,
        covers: z.int().nullable(),
        checkIds: z.array(Id),
        party: z.array(Id).optional().meta({ description: 'All orders that pay together with it.' }),
        version: Version,
      }),
    ),
  })
  .meta({ id: 'TableState' });
export type TableState = z.infer<typeof TableState>;

export const ListTables = defineEndpoint({
  id: 'listTables',
  method: 'GET',
  path: '/v1/orders/tables',
  summary: 'How each table of a location stands now: those on its plan first, then others that open orders name.',
  description: 'Derived from the open orders when it is asked for: no flag is kept that could disagree with them.',
  scope: 'orders:read',
  query: z.strictObject({ locationId: Id }),
  answer: z.object({ data: z.array(TableState) }).meta({ id: 'TableStates' }),
  refusals: ['not_found'],
});

export const TransferTable = defineEndpoint({
  id: 'transferTable',
  method: 'POST',
  path: '/v1/orders/tables/transfer',
  summary: 'Moves everything that is not paid at a table to another.',
  description:
    'Orders that are open and not wholly paid move, those that are paid in part with what was paid; what they come to stays as it is. `order.moved` tells the kitchen where they were and where they are.',
  scope: 'orders:write',
  idempotent: true,
  keepsKeys: 'for ever',
  status: 200,
  body: z.strictObject({ locationId: Id, from: Text(40), to: Text(40) }).meta({
    id: 'TableTransfer',
    examples: [{ locationId: '0199a1b2-7c3d-7e4f-8a5b-000000000002', from: '12', to: '7' }],
  }),
  answer: z.object({ orders: z.array(Order) }).meta({ id: 'MovedOrders' }),
  refusals: ['table_free'],
  example: { locationId: '0199a1b2-7c3d-7e4f-8a5b-000000000002', from: '12', to: '7' },
});
