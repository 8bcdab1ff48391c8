import type { Movement, MovementKind, StockCost } from '@comanda/contracts';
import { Columns, runPrepared, type Tx } from '@comanda/platform';
import type { Average } from '../costs/average.js';

/** A movement about to be recorded. */
export interface NewMovement {
  readonly id: string;
  /** The order or the entry that moves. */
  readonly causeId: string;
  readonly locationId: string;
  readonly stockItemId: string;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly lineId: string | null;
  readonly recipeId: string | null;
  readonly recipeVersion: number | null;
  readonly reason: string | null;
  /** With the sign of the quantity; of a count, what was counted is worth. */
  readonly cost?: StockCost | null;
  /** Of a count: the average at which what is missing is valued. */
  readonly average?: Average | undefined;
  readonly businessDate: string;
  readonly occurredAt: string;
}

/** Records movements, however many and wherever, and leaves word that their levels are to be settled. Locks nothing. */
export async function recordMovements(
  tx: Tx,
  organizationId: string,
  movements: readonly NewMovement[],
): Promise<void> {
  if (movements.length === 0) return;
  const rows = movements.map(({ cost, average, ...movement }) => ({
    ...movement,
    cost: cost?.micros,
    currency: cost?.currency,
    averageValue: average?.value,
    averageQuantity: average?.quantity,
  }));
  await runPrepared(tx, RECORD, [organizationId, ...MOVEMENTS.of(rows)]);
}

const MOVEMENTS = new Columns(
  {
    id: 'uuid',
    causeId: 'uuid',
    locationId: 'uuid',
    stockItemId: 'uuid',
    kind: 'text',
    quantity: 'bigint',
    lineId: 'uuid',
    recipeId: 'uuid',
    recipeVersion: 'integer',
    reason: 'text',
    businessDate: 'date',
    occurredAt: 'timestamptz',
    cost: 'bigint',
    currency: 'text',
    averageValue: 'bigint',
    averageQuantity: 'bigint',
  },
  2,
);

const RECORD = {
  name: 'movements.record',
  text: `
    with given as (
      select * from ${MOVEMENTS.given}
    ), recorded as (
      insert into movements (id, organization_id, location_id, stock_item_id, cause_id, kind, quantity, line_id, recipe_id,
        recipe_version, reason, business_date, occurred_at, cost, currency, average_value, average_quantity)
      select id, $1::uuid, "locationId", "stockItemId", "causeId", kind, quantity, "lineId", "recipeId", "recipeVersion",
        reason, "businessDate", "occurredAt", cost, currency, "averageValue", "averageQuantity"
      from given
    ), moved as (
      select "locationId", kind = 'count' as counted, "stockItemId", "occurredAt", sum(quantity)::bigint as quantity,
        coalesce(sum(cost), 0)::bigint as cost, coalesce(sum(quantity) filter (where cost is not null), 0)::bigint as valued
      from given group by "locationId", kind = 'count', "stockItemId", "occurredAt"
    )
    insert into unsettled (organization_id, location_id, counted, stock_item_ids, quantities, occurred_ats, costs, valued)
    select $1::uuid, "locationId", counted, array_agg("stockItemId"), array_agg(quantity), array_agg("occurredAt"),
      array_agg(cost), array_agg(valued)
    from moved group by "locationId", counted`,
};

/** Which movements are asked for; null where it does not matter. */
export interface MovementFilter {
  readonly locationId: string | null;
  readonly stockItemId: string | null;
  readonly orderId: string | null;
  readonly causeId: string | null;
  readonly businessDate: string | null;
  readonly kind: MovementKind | null;
  /** The locations the caller may see; null for all. */
  readonly within: readonly string[] | null;
}

export type MovementRecord = Omit<Movement, 'occurredAt' | 'recordedAt'> & { occurredAt: Date; recordedAt: Date };

/**
 * Movements, newest first, from a position on. A business day lies within a day and a half of its date in any time zone
 * and with any closing hour, which lets the index by time find it.
 */
export function movementsBefore(
  tx: Tx,
  filter: MovementFilter,
  before: readonly [occurredAt: string, id: string] | undefined,
  limit: number,
): Promise<MovementRecord[]> {
  const { locationId, stockItemId, orderId, causeId, businessDate, kind, within } = filter;
  const [occurredAt, id] = before ?? [null, null];
  return tx.sql<MovementRecord[]>`
    select movement.id, movement.cause_id as "causeId", movement.location_id as "locationId",
      movement.stock_item_id as "stockItemId", movement.kind, movement.quantity, item.unit,
      case when movement.kind in ('sale', 'return') then movement.cause_id end as "orderId", movement.line_id as "lineId",
      movement.recipe_id as "recipeId", movement.recipe_version as "recipeVersion", movement.reason,
      case when movement.cost is not null then json_build_object('micros', movement.cost, 'currency', movement.currency) end
        as cost,
      movement.business_date as "businessDate", movement.occurred_at as "occurredAt", movement.recorded_at as "recordedAt"
    from movements movement join stock_items item on item.id = movement.stock_item_id
    where (${locationId}::uuid is null or movement.location_id = ${locationId}::uuid)
      and (${stockItemId}::uuid is null or movement.stock_item_id = ${stockItemId}::uuid)
      and (${orderId}::uuid is null or (movement.cause_id = ${orderId}::uuid and movement.kind in ('sale', 'return')))
      and (${causeId}::uuid is null or movement.cause_id = ${causeId}::uuid)
      and (${businessDate}::date is null or (movement.business_date = ${businessDate}::date
        and movement.occurred_at between ${businessDate}::date - interval '36 hours' and ${businessDate}::date + interval '72 hours'))
      and (${kind}::text is null or movement.kind = ${kind}::text)
      and (${within}::uuid[] is null or movement.location_id = any(${within}::uuid[]))
      and (${occurredAt}::timestamptz is null
        or (movement.occurred_at, movement.id) < (${occurredAt}::timestamptz, ${id}::uuid))
    order by movement.occurred_at desc, movement.id desc limit ${limit}`;
}

/**
 * How many of these orders are booked, and with how many movements. Asked for all orders at once, and not order by order: right
 * after a rush the database may not know yet how much there is, and would read a whole organization's movements for each.
 */
export async function summaryOf(
  tx: Tx,
  orderIds: readonly string[],
  within: readonly string[] | null,
): Promise<{ orders: number; movements: number }> {
  const [summary] = await tx.sql<{ orders: number; movements: number }[]>`
    select
      (select count(*)::integer from order_consumption
        where order_id = any(${orderIds}::uuid[]) and (${within}::uuid[] is null or location_id = any(${within}::uuid[]))) as orders,
      (select count(*)::integer from movements
        where cause_id = any(${orderIds}::uuid[]) and kind in ('sale', 'return')
          and (${within}::uuid[] is null or location_id = any(${within}::uuid[]))) as movements`;
  return summary ?? { orders: 0, movements: 0 };
}
