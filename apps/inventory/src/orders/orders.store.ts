import { runPrepared, type Tx } from '@comanda/platform';
import type { ConsumedLines } from './consumption.js';

/** What has been booked for an order. */
export interface BookedOrder {
  readonly orderId: string;
  /** Of the order when it was last booked; 0 when it never was. */
  readonly version: number;
  /** How many `stock.moved` there have been for it. */
  readonly moves: number;
  readonly lines: ConsumedLines;
}

/**
 * What has been booked for these orders, whether anything has or not, the version of the organization's recipe book,
 * and of the cost book of each location.
 * Nothing is locked: `saveBooked` finds out when another process has booked one of them meanwhile.
 */
export async function readBooked(
  tx: Tx,
  orders: readonly { readonly id: string; readonly locationId: string }[],
): Promise<{ booked: Map<string, BookedOrder>; recipes: number; costs: Map<string, number> }> {
  const ids = [orders.map(({ id }) => id), orders.map(({ locationId }) => locationId)];
  const rows = await runPrepared<BookedOrder & { recipes: number; locationId: string; costs: number }>(tx, READ, ids);
  return {
    booked: new Map(rows.map((row) => [row.orderId, row])),
    recipes: rows[0]?.recipes ?? 0,
    costs: new Map(rows.map(({ locationId, costs }) => [locationId, costs])),
  };
}

const READ = {
  name: 'order_consumption.read',
  text: `
    select asked.order_id as "orderId", coalesce(known.version, 0) as version, coalesce(known.moves, 0) as moves,
      coalesce(known.lines, '{}') as lines, coalesce((select version from recipe_books), 0) as recipes,
      asked.location_id as "locationId",
      coalesce((select version from cost_books where location_id = asked.location_id), 0) as costs
    from unnest($1::uuid[], $2::uuid[]) as asked (order_id, location_id)
    left join order_consumption known on known.order_id = asked.order_id`,
};

/** What is then booked for an order. */
export interface Rebooked extends BookedOrder {
  readonly locationId: string;
  /** The version it had when that was worked out. */
  readonly before: number;
}

/**
 * Notes what orders have consumed. Their rows are locked in the order of their ids, so that two who book the same orders
 * do not wait for each other in a circle.
 * @throws Error when another process has booked one of them since it was read; their events come again
 */
export async function saveBooked(tx: Tx, organizationId: string, orders: readonly Rebooked[]): Promise<void> {
  const saved = await runPrepared(tx, SAVE, [JSON.stringify(orders), organizationId]);
  if (saved.length < orders.length) throw new Error('An order was booked by another process meanwhile.');
}

const SAVE = {
  name: 'order_consumption.save',
  text: `
    with given as (
      select * from json_to_recordset($1::json) as given (
        "orderId" uuid, "locationId" uuid, version integer, moves integer, lines jsonb, before integer)
    )
    insert into order_consumption as known (order_id, organization_id, location_id, version, moves, lines)
    select "orderId", $2::uuid, "locationId", version, moves, lines from given order by "orderId"
    on conflict (order_id) do update set version = excluded.version, moves = excluded.moves, lines = excluded.lines
      where known.version = (select before from given where "orderId" = excluded.order_id)
    returning 1`,
};
