import { withConnection } from '@comanda/embedded';

/** What a database server has written so far, for the databases that begin so. */
export interface Writes {
  readonly transactions: number;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  /** Bytes of its write-ahead log, of the whole server. */
  readonly walBytes: number;
  /** How often it had the log on disk before it went on, of the whole server. */
  readonly walSyncs: number;
  /** Writes of data and log that it asked the system for, of the whole server. */
  readonly ioWrites: number;
  /** Bytes that the databases are stored in. */
  readonly storedBytes: number;
}

/** Sessions tell what they did when they have been idle for a moment, or a second later at the latest. */
export async function readWrites(url: string, prefix: string): Promise<Writes> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<Writes>(WRITES, [prefix]);
    const [writes] = rows;
    if (!writes) throw new Error('A query without a group answers one row.');
    return writes;
  });
}

const WRITES = `
  select coalesce(sum(xact_commit), 0)::float8 as "transactions", coalesce(sum(tup_inserted), 0)::float8 as "rowsInserted",
    coalesce(sum(tup_updated), 0)::float8 as "rowsUpdated", coalesce(sum(tup_deleted), 0)::float8 as "rowsDeleted",
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes",
    (select coalesce(sum(fsyncs), 0)::float8 from pg_stat_io where object = 'wal') as "walSyncs",
    (select coalesce(sum(writes), 0)::float8 from pg_stat_io) as "ioWrites",
    coalesce(sum(pg_database_size(datid)), 0)::float8 as "storedBytes"
  from pg_stat_database where starts_with(datname, $1)`;
