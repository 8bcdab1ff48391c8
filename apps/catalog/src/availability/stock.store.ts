import type { Tx } from '@comanda/platform';
import type { Affected } from './stock.js';

/** What is known of a stock item's level. */
export interface KnownLevel {
  readonly levelId: string;
  readonly locationId: string;
  readonly depleted: boolean;
  readonly affected: readonly Affected[];
  readonly version: number;
}

/** Lets one at a time decide what stock there is at a location: each must see what the other found depleted. */
export async function lockStock(tx: Tx, locationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('catalog.stock:' || ${locationId}, 0))`;
}

export async function readLevel(tx: Tx, levelId: string): Promise<KnownLevel | undefined> {
  const [row] = await tx.sql<KnownLevel[]>`
    select level_id as "levelId", location_id as "locationId", depleted, affected, version
    from stock_outs where level_id = ${levelId}`;
  return row;
}

export async function writeLevel(
  tx: Tx,
  organizationId: string,
  { levelId, locationId, depleted, affected, version }: KnownLevel,
): Promise<void> {
  await tx.sql`
    insert into stock_outs (organization_id, level_id, location_id, depleted, affected, version)
    values (${organizationId}, ${levelId}, ${locationId}, ${depleted}, ${JSON.stringify(affected)}, ${version})
    on conflict (organization_id, level_id) do update
      set depleted = excluded.depleted, affected = excluded.affected, version = excluded.version`;
}

/** Everything that something keeps from being sold at a location. */
export async function depletedAt(tx: Tx, locationId: string): Promise<Affected[]> {
  return tx.sql<Affected[]>`
    select distinct gone."itemId", gone."variationId"
    from stock_outs, jsonb_to_recordset(affected) as gone ("itemId" uuid, "variationId" uuid)
    where location_id = ${locationId} and depleted`;
}
