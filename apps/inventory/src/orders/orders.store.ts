import { runPrepared, type Tx } from '@comanda/platform';
import type { ConsumedLines } from './consumption.js';

/** What is known of an order before an event, and which recipes there are. */
export interface Known {
  /** Of the order when it was last booked; 0 when it never was. */
  readonly version: number;
  readonly moves: number;
  readonly lines: ConsumedLines;
  /** Of the organization's recipe book. */
  readonly recipes: number;
}

export async function readKnown(tx: Tx, orderId: string): Promise<Known> {
  const [row] = await runPrepared<Known>(tx, READ, [orderId]);
  if (!row) throw new Error('A row was asked for and none came.');
  return row;
}

const READ = {
  name: 'order_consumption.read',
  text: `
    select coalesce(known.version, 0) as version, coalesce(known.moves, 0) as moves, coalesce(known.lines, '{}') as lines,
      coalesce((select version from recipe_books), 0) as recipes
    from (values ($1::uuid)) asked (order_id) left join order_consumption known on known.order_id = asked.order_id`,
};

/**
 * Notes what an order has consumed.
 * @param before the version it had when that was worked out: if another process has booked it since, nothing is written
 * @throws Error when that is so; the event comes again
 */
export async function saveConsumption(
  tx: Tx,
  order: { id: string; organizationId: string; locationId: string },
  next: { version: number; moves: number; lines: ConsumedLines },
  before: number,
): Promise<void> {
  const { id, organizationId, locationId } = order;
  const { version, moves, lines } = next;
  const values = [id, organizationId, locationId, version, moves, JSON.stringify(lines), before];
  const saved = await runPrepared(tx, SAVE, values);
  if (saved.length === 0) throw new Error(`The order ${id} was booked by another process meanwhile.`);
}

const SAVE = {
  name: 'order_consumption.save',
  text: `
    insert into order_consumption as known (order_id, organization_id, location_id, version, moves, lines)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (order_id) do update set version = excluded.version, moves = excluded.moves, lines = excluded.lines
      where known.version = $7
    returning 1`,
};
