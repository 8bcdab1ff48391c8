import { Refusal, type Tx } from '@comanda/platform';
import type { Average, Averages } from './average.js';

/** What stock items cost at a location now; without those of which that is not known. */
export async function averagesOf(tx: Tx, locationId: string, stockItemIds: readonly string[]): Promise<Averages> {
  const rows = await tx.sql<(Average & { stockItemId: string })[]>`
    select stock_item_id as "stockItemId", value, quantity, currency from stock_costs
    where location_id = ${locationId} and stock_item_id = any(${stockItemIds}::uuid[])`;
  return new Map(rows.map(({ stockItemId, ...average }) => [stockItemId, average]));
}

/** All averages of a location, and the version of its book; 0 when nothing ever had a price there. */
export async function readCostBook(tx: Tx, locationId: string): Promise<{ version: number; averages: Averages }> {
  // One statement, so that the version is that of the very averages.
  const [book] = await tx.sql<{ version: number; costs: [string, number, number, string][] }[]>`
    select coalesce((select version from cost_books where location_id = ${locationId}), 0) as version, coalesce((
      select json_agg(json_build_array(stock_item_id, value, quantity, currency)) from stock_costs
      where location_id = ${locationId}), '[]') as costs`;
  const averages = (book?.costs ?? []).map(([id, value, quantity, currency]): [string, Average] => [
    id,
    { value, quantity, currency },
  ]);
  return { version: book?.version ?? 0, averages: new Map(averages) };
}

/**
 * Refuses what would make a level worth more than can be counted exactly. The caller has settled the location.
 * @throws Refusal `amount_too_large`
 */
export async function requireCountable(tx: Tx, locationId: string, stockItemIds: readonly string[]): Promise<void> {
  const [beyond] = await tx.sql<{ id: string }[]>`
    select id from levels
    where location_id = ${locationId} and stock_item_id = any(${stockItemIds}::uuid[])
      and abs(value) > ${Number.MAX_SAFE_INTEGER}::bigint limit 1`;
  if (beyond) throw new Refusal('amount_too_large', 'The stock would be worth more than can be counted.');
}

/** What came in at a price. */
export interface Priced {
  readonly stockItemId: string;
  readonly quantity: number;
  /** In millionths of a minor unit. */
  readonly value: number;
}

/**
 * Moves the averages of what came in: the value of all that is there for all that is there; for what is only owed (there is
 * less than nothing) the price of what came. The caller has settled the location and still holds `lockLevels`, so that of two
 * receipts the second sees what the first left. An average that would not be exact as a number stays what it was.
 */
export async function moveAverages(
  tx: Tx,
  organizationId: string,
  locationId: string,
  currency: string,
  priced: readonly Priced[],
): Promise<void> {
  await tx.sql`
    insert into stock_costs as cost (location_id, stock_item_id, organization_id, currency, value, quantity, updated_at)
    select ${locationId}, came.id, ${organizationId}, ${currency},
      case when level.value > 0 and level.valued > 0 then level.value else came.value end,
      case when level.value > 0 and level.valued > 0 then level.valued else came.quantity end, now()
    from (
      select given."stockItemId" as id, sum(given.value)::bigint as value, sum(given.quantity)::bigint as quantity
      from jsonb_to_recordset(${JSON.stringify(priced)}::jsonb) as given ("stockItemId" uuid, value bigint, quantity bigint)
      group by given."stockItemId") came
    join levels level on level.location_id = ${locationId} and level.stock_item_id = came.id
    where greatest(level.value, level.valued, came.value) <= ${Number.MAX_SAFE_INTEGER}::bigint
    on conflict (location_id, stock_item_id) do update set
      currency = excluded.currency, value = excluded.value, quantity = excluded.quantity, updated_at = excluded.updated_at`;
  await tx.sql`
    insert into cost_books as book (location_id, organization_id, version) values (${locationId}, ${organizationId}, 1)
    on conflict (location_id) do update set version = book.version + 1`;
}
