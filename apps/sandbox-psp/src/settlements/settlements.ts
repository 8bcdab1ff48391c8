import { inTransaction, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';

/** Money that moved, as the sandbox settles it: `amount` is positive towards the merchant, `fee` is what is kept of it. */
export interface MovementLine {
  readonly id: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'dispute_won';
  readonly charge: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly at: string;
}

/** A page of a day's settlement; `next` begins the page after it. */
export interface Settlement {
  readonly date: string;
  readonly movements: readonly MovementLine[];
  readonly next: string | null;
}

/** What moved on a day (UTC), oldest first. */
export function settlementOf(
  db: DataSource,
  organizationId: string,
  { date, after, limit }: { readonly date: string; readonly after: string | undefined; readonly limit: number },
): Promise<Settlement> {
  return inTransaction(db, organizationId, async (tx) => {
    const lines = await movementsOf(tx, date, after ?? '', limit + 1);
    const movements = lines.slice(0, limit).map(({ position: _, ...line }) => ({ ...line, at: line.at.toISOString() }));
    return { date, movements, next: lines.length > limit ? (lines[limit - 1]?.position ?? null) : null };
  });
}

type Line = Omit<MovementLine, 'at'> & { readonly at: Date; readonly position: string };

/** The position is the microsecond and the id, so that two movements of one moment are told apart. */
async function movementsOf(tx: Tx, date: string, after: string, limit: number): Promise<Line[]> {
  return tx.sql<Line[]>`
    with moved as (
      select reference::text as id, case when moved_minor < 0 then 'refund' else 'charge' end as kind, charge_id as charge,
        moved_minor as amount, fee_minor as fee, currency, created_at as at
      from calls where moved_minor <> 0 and created_at >= ${date}::date::timestamp at time zone 'UTC'
        and created_at < (${date}::date + 1)::timestamp at time zone 'UTC'
      union all
      select id, 'dispute', charge_id, -amount_minor, fee_minor, currency, opened_at
      from disputes where opened_at >= ${date}::date::timestamp at time zone 'UTC'
        and opened_at < (${date}::date + 1)::timestamp at time zone 'UTC'
      union all
      select id || '_won', 'dispute_won', charge_id, amount_minor, 0, currency, closed_at
      from disputes where status = 'won' and closed_at >= ${date}::date::timestamp at time zone 'UTC'
        and closed_at < (${date}::date + 1)::timestamp at time zone 'UTC'
    ), placed as (
      select *, to_char(at at time zone 'UTC', 'HH24MISSUS') || '_' || id as position from moved
    )
    select id, kind, charge, amount, fee, currency, at, position from placed
    where position > ${after} order by position limit ${limit}`;
}
