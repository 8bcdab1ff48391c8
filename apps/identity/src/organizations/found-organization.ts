import { ALL_SCOPES, type Organization } from '@comanda/contracts';
import { inTransaction } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { mintKey } from '../keys/keys.js';
import { OrganizationRow } from './organization.entity.js';
import { createOrganization } from './organizations.js';

/**
 * How a chain begins: an organization, and a key that may do everything. One that is there stays as it is and gets another key.
 * @param db identity's database, as the service sees it
 * @returns the key; it is stored nowhere
 */
export function foundOrganization(
  db: DataSource,
  rootSecret: string,
  organization: Pick<Organization, 'id' | 'name' | 'mode' | 'languages'>,
  keyName: string,
): Promise<string> {
  const { id } = organization;
  return inTransaction(db, id, async (tx) => {
    if (!(await tx.existsBy(OrganizationRow, { id }))) await createOrganization(tx, organization);
    const wanted = {
      name: keyName,
      scopes: ALL_SCOPES,
      locationIds: null,
      ratePerSecond: null,
      expiresAt: null,
      rotates: null,
    };
    const { key } = await mintKey(tx, rootSecret, id, wanted);
    return key ?? '';
  });
}
