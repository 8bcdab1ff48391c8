import type { ServiceName } from '@comanda/contracts';
import type { Invariant, Sources } from './invariant.js';

/** What a client was told is done: the route that said so, and the table that must hold it. */
const ACKNOWLEDGED: readonly { service: ServiceName; route: string; table: string }[] = [
  { service: 'orders', route: 'placeOrder', table: 'orders' },
  { service: 'payments', route: 'takePayment', table: 'payments' },
  { service: 'payments', route: 'refundPayment', table: 'refunds' },
];

export const acknowledgedIsStored: Invariant = {
  id: 'I4',
  promise: 'Every order, payment and refund that a client was told of is stored, and none twice.',
  async examine(sources) {
    const found = await Promise.all(ACKNOWLEDGED.map((what) => examineRoute(sources, what)));
    return {
      examined: found.reduce((sum, { examined }) => sum + examined, 0),
      violations: found.flatMap(({ violations }) => violations),
    };
  },
};

async function examineRoute(
  { query }: Sources,
  { service, route, table }: (typeof ACKNOWLEDGED)[number],
): Promise<{ examined: number; violations: string[] }> {
  const rows = await query<{ id: string; keys: number; stored: boolean }>(
    service,
    `select answer ->> 'id' as id, count(*)::int as keys, bool_and(t.id is not null) as stored
     from idempotency_keys k left join "${table}" t on t.organization_id = k.organization_id and t.id = (k.answer ->> 'id')::uuid
     where k.route = $1 and k.status between 200 and 299
     group by 1`,
    [route],
  );
  return {
    examined: rows.length,
    violations: rows.flatMap(({ id, keys, stored }) => [
      ...(stored ? [] : [`${route} ${id} was acknowledged and is not in ${table}.`]),
      ...(keys === 1 ? [] : [`${route} ${id} was acknowledged under ${keys} keys.`]),
    ]),
  };
}
