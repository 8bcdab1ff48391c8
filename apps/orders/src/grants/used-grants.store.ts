import { Refusal, type Tx } from '@comanda/platform';
import { type OrderDiscount, grantsOf } from '../checks/discounts.js';

/** The grants among discounts that any one order may use: those that a till holds for when it is offline. */
export const unboundGrants = (discounts: readonly OrderDiscount[]): string[] =>
  grantsOf(discounts).flatMap(({ id, grant }) => (grant.orderId === null ? [id] : []));

/**
 * Uses grants that any one order may use, for ever; of orders that come with one at once the second waits and is refused.
 * They are taken in the order of their ids, so that no two orders wait for each other.
 * @throws Refusal `grant_used`
 */
export async function useGrants(
  tx: Tx,
  { organizationId, orderId }: { organizationId: string; orderId: string },
  grantIds: readonly string[],
): Promise<void> {
  if (grantIds.length === 0) return;
  await tx.sql`
    insert into used_grants (organization_id, grant_id, order_id)
    select ${organizationId}, id, ${orderId} from unnest(${grantIds.toSorted()}::uuid[]) as given (id)
    on conflict do nothing`;
  const [other] = await tx.sql<{ grantId: string }[]>`
    select grant_id as "grantId" from used_grants
    where organization_id = ${organizationId} and grant_id = any(${grantIds}::uuid[]) and order_id <> ${orderId} limit 1`;
  if (other) throw new Refusal('grant_used', 'The grant is on another order.', { grantId: other.grantId });
}
