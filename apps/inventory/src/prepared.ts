import type { Tx } from '@comanda/platform';
import type { ClientBase, QueryResultRow } from 'pg';

/**
 * Runs a statement of a hot path, parsed and planned once for each connection. Several that are not awaited one by one
 * share a round trip.
 */
export async function runPrepared<Row extends QueryResultRow>(
  tx: Tx,
  { name, text }: { readonly name: string; readonly text: string },
  values: unknown[],
): Promise<Row[]> {
  const client = (await tx.queryRunner?.connect()) as ClientBase;
  return (await client.query<Row>({ name, text, values })).rows;
}
