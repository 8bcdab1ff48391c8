import type { Envelope, Menu, MenuPublished } from '@comanda/contracts';
import { runPrepared, type Tx } from '@comanda/platform';

/** Notes that a location published a menu; the fetcher gets it. The same menu published again is only newer. */
export async function want(tx: Tx, { organizationId, data }: Envelope<typeof MenuPublished>): Promise<void> {
  const { locationId, hash, menuVersion, publishedAt } = data;
  await tx.sql`
    insert into published_menus as known (location_id, hash, organization_id, version, published_at)
    values (${locationId}, ${hash}, ${organizationId}, ${menuVersion}, ${publishedAt})
    on conflict (location_id, hash) do update set version = excluded.version, published_at = excluded.published_at
      where known.version < excluded.version`;
}

/** The hash of the menu that each of these locations sells from: of those that have been fetched the one published last. */
export async function currentHashes(tx: Tx, locationIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await runPrepared<{ id: string; hash: string }>(tx, CURRENT, [locationIds]);
  return new Map(rows.map(({ id, hash }) => [id, hash]));
}

const CURRENT = {
  name: 'published_menus.current',
  text: `
    select id, hash from unnest($1::uuid[]) as given (id) cross join lateral (
      select hash from published_menus where location_id = id and body is not null order by version desc limit 1
    ) as latest`,
};

/** A menu of a location; its body is null until it has been fetched. */
export async function findMenu(tx: Tx, locationId: string, hash: string): Promise<{ body: Menu | null } | undefined> {
  const [row] = await tx.sql<{ body: Menu | null }[]>`
    select body from published_menus where location_id = ${locationId} and hash = ${hash}`;
  return row;
}

/** Whether a location has published anything at all. */
export async function hasPublished(tx: Tx, locationId: string): Promise<boolean> {
  const rows = await tx.sql<unknown[]>`select 1 from published_menus where location_id = ${locationId} limit 1`;
  return rows.length > 0;
}

/** A menu to be fetched. */
export interface Wanted {
  readonly organizationId: string;
  readonly locationId: string;
  readonly hash: string;
}

/**
 * Takes menus that are due to be fetched, newest first, and puts off their next try: doubling from a second to fifteen.
 * What another process has just taken is passed over. The worker's transaction.
 */
export async function claimWanted(tx: Tx, limit: number): Promise<Wanted[]> {
  return tx.sql<Wanted[]>`
    with claimed as (
      update published_menus set tries = tries + 1,
        next_try_at = now() + least(15, power(2, least(tries, 4))) * (0.75 + random() / 2) * interval '1 second'
      where (location_id, hash) in (
        select location_id, hash from published_menus where body is null and next_try_at <= now()
        order by next_try_at limit ${limit} for update skip locked)
      returning organization_id, location_id, hash, version
    )
    select organization_id as "organizationId", location_id as "locationId", hash from claimed order by version desc`;
}

/** Stores a menu that has been fetched. From here on it can be sold from. */
export async function keepMenu(tx: Tx, { locationId, hash }: Wanted, body: Menu): Promise<void> {
  await tx.sql`
    update published_menus set body = ${JSON.stringify(body)}
    where location_id = ${locationId} and hash = ${hash} and body is null`;
}
