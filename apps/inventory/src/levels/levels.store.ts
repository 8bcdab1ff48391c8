import type { StockLevel, Unit } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { WatchedLevel } from './level.js';

/** A variation, as events name it. */
export interface Variation {
  readonly itemId: string;
  readonly variationId: string;
}

/** A level that has just been written, with what its stock item says about it. */
export interface SettledLevel extends WatchedLevel {
  readonly id: string;
  readonly locationId: string;
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: Unit;
  readonly blocks: readonly Variation[];
  readonly version: number;
}

/** Locks the levels of a location until the transaction ends: whoever settles, settles alone, and sees what the others told. */
export async function lockLevels(tx: Tx, locationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`levels:${locationId}`}, 0))`;
}

/** The same for every location that has a stock item, in one order, so that two who do so do not wait for each other. */
export async function lockLevelsOf(tx: Tx, stockItemId: string): Promise<void> {
  await tx.sql`
    select pg_advisory_xact_lock(hashtextextended('levels:' || location_id, 0))
    from (select location_id from levels where stock_item_id = ${stockItemId} order by location_id) places`;
}

/**
 * Brings the levels of a location up to every movement that is committed or this transaction's own. The caller holds
 * `lockLevels`. Movements add up; where a count came in, the level is made anew from the last count and what moved after
 * it. All parts see one moment: a movement whose word is not taken here is not summed here either.
 * @returns the levels that were written
 */
export function settleLevels(tx: Tx, organizationId: string, locationId: string): Promise<SettledLevel[]> {
  return tx.sql<SettledLevel[]>`
    with taken as (
      delete from unsettled where location_id = ${locationId} returning counted, stock_item_ids, quantities, occurred_ats
    ), moved as (
      select stock_item_id, occurred_at, sum(quantity)::bigint as quantity
      from taken, unnest(stock_item_ids, quantities, occurred_ats) as moved (stock_item_id, quantity, occurred_at)
      where not counted group by stock_item_id, occurred_at
    ), counts as (
      select distinct on (stock_item_id) stock_item_id, quantity, occurred_at, cause_id from movements
      where location_id = ${locationId} and kind = 'count'
        and stock_item_id in (select unnest(stock_item_ids) from taken where counted)
      order by stock_item_id, occurred_at desc, cause_id desc
    ), fresh as (
      select stock_item_id, sum(quantity)::bigint as quantity, null::timestamptz as counted_at, null::uuid as counted_by
      from moved where stock_item_id not in (select stock_item_id from counts) group by stock_item_id
      union all
      select stock_item_id, quantity + coalesce((
          select sum(after.quantity)::bigint from movements after
          where after.location_id = ${locationId} and after.stock_item_id = counts.stock_item_id
            and after.kind <> 'count' and after.occurred_at > counts.occurred_at), 0), occurred_at, cause_id
      from counts
    ), written as (
      insert into levels as level (id, organization_id, location_id, stock_item_id, quantity, low, depleted, blocks,
        counted_at, counted_by, version, updated_at)
      select gen_random_uuid(), ${organizationId}, ${locationId}, stock_item_id, quantity, false, false, '[]'::jsonb,
        counted_at, counted_by, 0, now()
      from fresh order by stock_item_id
      on conflict (location_id, stock_item_id) do update set
        quantity = case when excluded.counted_at is not null then excluded.quantity else level.quantity + coalesce((
          select sum(moved.quantity)::bigint from moved where moved.stock_item_id = excluded.stock_item_id
            and (level.counted_at is null or moved.occurred_at > level.counted_at)), 0) end,
        counted_at = coalesce(excluded.counted_at, level.counted_at),
        counted_by = coalesce(excluded.counted_by, level.counted_by),
        updated_at = now()
      returning level.*
    )
    select written.id, written.location_id as "locationId", written.stock_item_id as "stockItemId", item.name, item.unit,
      written.quantity, written.low, written.depleted, written.blocks, written.version, item.low_at as "lowAt",
      item.recovered_at as "recoveredAt"
    from written join stock_items item on item.id = written.stock_item_id order by written.stock_item_id`;
}

/** The levels of a stock item at every location. The caller holds `lockLevels` for what it is going to write. */
export function levelsOf(tx: Tx, stockItemId: string): Promise<SettledLevel[]> {
  return tx.sql<SettledLevel[]>`
    select level.id, level.location_id as "locationId", level.stock_item_id as "stockItemId", item.name, item.unit,
      level.quantity, level.low, level.depleted, level.blocks, level.version, item.low_at as "lowAt",
      item.recovered_at as "recoveredAt"
    from levels level join stock_items item on item.id = level.stock_item_id
    where level.stock_item_id = ${stockItemId} order by level.location_id`;
}

/** The levels of a location that have run out, and what each keeps from being sold. */
export function depletedLevels(tx: Tx, locationId: string): Promise<{ id: string; blocks: Variation[] }[]> {
  return tx.sql<{ id: string; blocks: Variation[] }[]>`
    select id, blocks from levels where location_id = ${locationId} and depleted`;
}

/** What was told of a level last. */
export interface ToldLevel {
  readonly id: string;
  readonly low: boolean;
  readonly depleted: boolean;
  readonly blocks: readonly Variation[];
  readonly version: number;
}

/** Notes what was told. The caller holds `lockLevels`. */
export async function saveTold(tx: Tx, levels: readonly ToldLevel[]): Promise<void> {
  await tx.sql`
    update levels level set low = told.low, depleted = told.depleted, blocks = told.blocks, version = told.version
    from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb)
      as told (id uuid, low boolean, depleted boolean, blocks jsonb, version integer)
    where level.id = told.id`;
}

/** A location of an organization. */
export interface Place {
  readonly organizationId: string;
  readonly locationId: string;
}

/** Where movements wait for their levels, over all organizations. `worker` is the worker's data source. */
export function unsettledPlaces(worker: DataSource): Promise<Place[]> {
  return worker.sql<Place[]>`
    select distinct organization_id as "organizationId", location_id as "locationId" from unsettled`;
}

/** Which levels are asked for; null where it does not matter. */
export interface LevelFilter {
  readonly locationId: string | null;
  readonly stockItemId: string | null;
  readonly state: 'low' | 'depleted' | 'below_floor' | null;
  /** The locations the caller may see; null for all. */
  readonly within: readonly string[] | null;
}

export type LevelRecord = Omit<StockLevel, 'countedAt' | 'updatedAt'> & { countedAt: Date | null; updatedAt: Date };

/** Levels by location and stock item, from a position on. */
export function levelsAfter(
  tx: Tx,
  { locationId, stockItemId, state, within }: LevelFilter,
  after: readonly [locationId: string, stockItemId: string] | undefined,
  limit: number,
): Promise<LevelRecord[]> {
  const [afterLocation, afterItem] = after ?? [null, null];
  return tx.sql<LevelRecord[]>`
    select level.id, level.location_id as "locationId", level.stock_item_id as "stockItemId", item.name, item.unit,
      level.quantity, level.low, level.depleted, coalesce(level.quantity < item.floor, false) as "belowFloor",
      level.counted_at as "countedAt", level.updated_at as "updatedAt"
    from levels level join stock_items item on item.id = level.stock_item_id
    where (${locationId}::uuid is null or level.location_id = ${locationId}::uuid)
      and (${stockItemId}::uuid is null or level.stock_item_id = ${stockItemId}::uuid)
      and (${within}::uuid[] is null or level.location_id = any(${within}::uuid[]))
      and case ${state}::text when 'low' then level.low when 'depleted' then level.depleted
        when 'below_floor' then level.quantity < item.floor else true end
      and (${afterLocation}::uuid is null
        or (level.location_id, level.stock_item_id) > (${afterLocation}::uuid, ${afterItem}::uuid))
    order by level.location_id, level.stock_item_id limit ${limit}`;
}
