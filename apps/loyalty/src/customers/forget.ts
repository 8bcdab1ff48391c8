import type { Tx } from '@comanda/platform';
import { CustomerRow } from './customer.entity.js';

/**
 * Deletes a customer's key, what it sealed and what finds them: what is left opens no more, in no backup that lacks the key.
 * @returns what has changed of the customer
 */
export async function forget(
  tx: Tx,
  { organizationId, id }: Pick<CustomerRow, 'organizationId' | 'id'>,
  { erasedAt, version }: { readonly erasedAt: Date; readonly version: number },
): Promise<Partial<CustomerRow>> {
  const nothing = { wrappedKey: null, particulars: null, phoneIndex: null, emailIndex: null, tier: null };
  const changes = { ...nothing, erasedAt, version, updatedAt: new Date() };
  await tx.update(CustomerRow, { organizationId, id }, changes);
  await tx.sql`update feedback set words = null where organization_id = ${organizationId} and customer_id = ${id}`;
  return changes;
}
