import type { ClientBase } from 'pg';
import type { Tx } from './transaction.js';

/** A statement of a hot path: parsed and planned once for each connection. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Runs a prepared statement in the transaction. Several that are not awaited one by one share a round trip. */
export async function runPrepared<Row extends object>(
  tx: Tx,
  { name, text }: Prepared,
  values: unknown[],
): Promise<Row[]> {
  const client = (await tx.queryRunner?.connect()) as ClientBase;
  return (await client.query<Row>({ name, text, values })).rows;
}
