import type { StockLevel, Unit } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';
import type { Due } from '@comanda/service';
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

/**
 * Locks the levels of locations until the transaction ends, in one order, so that two who lock several do not wait for each
 * other: whoever settles, settles alone, and sees what the others told.
 */
export async function lockLevels(tx: Tx, locationIds: readonly string[]): Promise<void> {
  await runPrepared(tx, LOCK, [locationIds]);
}

const LOCK = {
  name: 'levels.lock',
  text: `
    select pg_advisory_xact_lock(hashtextextended('levels:' || location_id, 0))
    from (select location_id from unnest($1::uuid[]) as place (location_id) order by location_id) places`,
};

/** The same for every location that has a stock item. */
export async function lockLevelsOf(tx: Tx, stockItemId: string): Promise<void> {
  await tx.sql`
    select pg_advisory_xact_lock(hashtextextended('levels:' || location_id, 0))
    from (select location_id from levels where stock_item_id = ${stockItemId} order by location_id) places`;
}

/**
 * Brings the levels of locations up to every movement that is committed or this transaction's own. The caller holds
 * `lockLevels`. Movements add up; where a newer count came in, the level is made anew from that and what moved after it.
 * All parts see one moment: a movement whose word is not taken here is not summed here either. Reads what waits, the levels
 * it moves and what moved since a count that came in, however long the history is.
 * @returns the levels that were written
 */
export function settleLevels(tx: Tx, organizationId: string, locationIds: readonly string[]): Promise<SettledLevel[]> {
  return runPrepared<SettledLevel>(tx, SETTLE, [locationIds, organizationId]);
}

const SETTLE = {
  name: 'levels.settle',
  text: `
    with taken as (
      delete from unsettled where location_id = any($1::uuid[])
      returning location_id, counted, stock_item_ids, quantities, occurred_ats, costs, valued
    ), counts as (
      select newest.*
      from (select distinct location_id, unnest(stock_item_ids) as stock_item_id from taken where counted) counted
      cross join lateral (
        select location_id, stock_item_id, quantity, occurred_at, cause_id, cost from movements
        where location_id = counted.location_id and stock_item_id = counted.stock_item_id and kind = 'count'
        order by occurred_at desc, cause_id desc limit 1) newest
      left join levels level on level.location_id = newest.location_id and level.stock_item_id = newest.stock_item_id
      where level.counted_by is distinct from newest.cause_id
    ), news as (
      select moved.location_id, moved.stock_item_id, null::timestamptz as counted_at, null::uuid as counted_by,
        coalesce(sum(moved.quantity) filter (where (moved.occurred_at > level.counted_at) is not false), 0)::bigint as quantity,
        coalesce(sum(moved.cost) filter (where (moved.occurred_at > level.counted_at) is not false), 0)::bigint as value,
        coalesce(sum(moved.valued) filter (where (moved.occurred_at > level.counted_at) is not false), 0)::bigint as valued
      from (
        select location_id, moved.* from taken
        cross join unnest(stock_item_ids, quantities, occurred_ats, costs, valued)
          as moved (stock_item_id, quantity, occurred_at, cost, valued)
        where not counted) moved
      left join levels level on level.location_id = moved.location_id and level.stock_item_id = moved.stock_item_id
      where not exists (
        select from counts where counts.location_id = moved.location_id and counts.stock_item_id = moved.stock_item_id)
      group by moved.location_id, moved.stock_item_id
      union all
      select counts.location_id, counts.stock_item_id, counts.occurred_at, counts.cause_id, counts.quantity + later.quantity,
        coalesce(counts.cost, 0) + later.value, case when counts.cost is null then 0 else counts.quantity end + later.valued
      from counts cross join lateral (
        select coalesce(sum(quantity), 0)::bigint as quantity, coalesce(sum(cost), 0)::bigint as value,
          coalesce(sum(quantity) filter (where cost is not null), 0)::bigint as valued
        from movements
        where location_id = counts.location_id and stock_item_id = counts.stock_item_id
          and kind <> 'count' and occurred_at > counts.occurred_at) later
    ), written as (
      insert into levels as level (id, organization_id, location_id, stock_item_id, quantity, value, valued, low, depleted,
        blocks, counted_at, counted_by, version, updated_at)
      select gen_random_uuid(), $2::uuid, location_id, stock_item_id, quantity, value, valued, false, false, '[]'::jsonb,
        counted_at, counted_by, 0, now()
      from news
      on conflict (location_id, stock_item_id) do update set
        quantity = case when excluded.counted_at is null then level.quantity else 0 end + excluded.quantity,
        value = case when excluded.counted_at is null then level.value else 0 end + excluded.value,
        valued = case when excluded.counted_at is null then level.valued else 0 end + excluded.valued,
        counted_at = coalesce(excluded.counted_at, level.counted_at),
        counted_by = coalesce(excluded.counted_by, level.counted_by),
        updated_at = now()
      returning level.*
    )
    select written.id, written.location_id as "locationId", written.stock_item_id as "stockItemId", item.name, item.unit,
      written.quantity, written.low, written.depleted, written.blocks, written.version, item.low_at as "lowAt",
      item.recovered_at as "recoveredAt"
    from written cross join lateral (
      -- Looked up one by one: there may be many more stock items than have moved.
      select name, unit, low_at, recovered_at from stock_items where id = written.stock_item_id limit 1) item`,
};

/** The levels of a stock item at every location. The caller holds `lockLevels` for what it is going to write. */
export function levelsOf(tx: Tx, stockItemId: string): Promise<SettledLevel[]> {
  return tx.sql<SettledLevel[]>`
    select level.id, level.location_id as "locationId", level.stock_item_id as "stockItemId", item.name, item.unit,
      level.quantity, level.low, level.depleted, level.blocks, level.version, item.low_at as "lowAt",
      item.recovered_at as "recoveredAt"
    from levels level join stock_items item on item.id = level.stock_item_id
    where level.stock_item_id = ${stockItemId} order by level.location_id`;
}

/** A level that has run out, and what it keeps from being sold. */
export interface DepletedLevel {
  readonly id: string;
  readonly locationId: string;
  readonly blocks: readonly Variation[];
}

/** The levels of locations that have run out. */
export function depletedLevels(tx: Tx, locationIds: readonly string[]): Promise<DepletedLevel[]> {
  return runPrepared<DepletedLevel>(tx, DEPLETED, [locationIds]);
}

const DEPLETED = {
  name: 'levels.depleted',
  text: `
    select id, location_id as "locationId", blocks from levels where location_id = any($1::uuid[]) and depleted`,
};

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
  await runPrepared(tx, SAVE_TOLD, [JSON.stringify(levels), levels.map(({ id }) => id)]);
}

const SAVE_TOLD = {
  name: 'levels.save_told',
  text: `
    update levels level set low = told.low, depleted = told.depleted, blocks = told.blocks, version = told.version
    from json_to_recordset($1::json) as told (id uuid, low boolean, depleted boolean, blocks jsonb, version integer)
    where level.id = told.id and level.id = any($2::uuid[])`,
};

/** Where movements wait for their levels, over all organizations. `worker` is the worker's data source. */
export function unsettledPlaces(worker: DataSource): Promise<Due[]> {
  return worker.sql<Due[]>`
    select organization_id as "organizationId", array_agg(distinct location_id) as places from unsettled
    group by organization_id`;
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
      level.quantity, level.value, level.low, level.depleted, coalesce(level.quantity < item.floor, false) as "belowFloor",
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
