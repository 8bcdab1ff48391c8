import { Refusal, type Tx } from '@comanda/platform';

/** Refuses ids that are no locations of the organization. */
export async function requireLocations(tx: Tx, ids: readonly string[] | null | undefined): Promise<void> {
  if (!ids?.length) return;
  const found = await tx.sql<{ id: string }[]>`select id from locations where id = any(${ids}::uuid[])`;
  const known = new Set(found.map(({ id }) => id));
  const errors = ids.flatMap((id, i) =>
    known.has(id) ? [] : [{ pointer: `/locationIds/${i}`, detail: 'There is no such location.' }],
  );
  if (errors.length > 0) throw new Refusal('reference_unknown', 'There is no such location.', { errors });
}
