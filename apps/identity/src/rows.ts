import { Refusal, type Tx } from '@comanda/platform';
import type { EntityTarget } from 'typeorm';

/** One row of the organization. */
export async function readOne<R extends { id: string }>(tx: Tx, entity: EntityTarget<R>, id: string): Promise<R> {
  const row = await tx.createQueryBuilder(entity, 'row').where('row.id = :id', { id }).getOne();
  if (!row) throw new Refusal('not_found', 'There is no such resource.');
  return row;
}
