import { pageOf, positionOf, Refusal, type Tx } from '@comanda/platform';
import type { EntityTarget } from 'typeorm';
import { z } from 'zod';

/** What every row of this service has. */
interface Row {
  id: string;
  createdAt: Date;
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

/** A page of a table, oldest first. */
export async function pageByAge<R extends Row, Item>(
  tx: Tx,
  entity: EntityTarget<R>,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  item: (row: R) => Item,
): Promise<{ data: Item[]; nextCursor: string | null }> {
  const after = positionOf(cursor, Position);
  const rows = tx
    .createQueryBuilder(entity, 'row')
    .orderBy('row.createdAt')
    .addOrderBy('row.id')
    .limit(limit + 1);
  if (after) rows.where('(row.createdAt, row.id) > (:at, :id)', { at: after[0], id: after[1] });
  return pageOf(await rows.getMany(), limit, (row) => [row.createdAt.toISOString(), row.id], item);
}

/** One row of the organization. */
export async function readOne<R extends Row>(tx: Tx, entity: EntityTarget<R>, id: string): Promise<R> {
  const row = await tx.createQueryBuilder(entity, 'row').where('row.id = :id', { id }).getOne();
  if (!row) throw new Refusal('not_found', 'There is no such resource.');
  return row;
}
