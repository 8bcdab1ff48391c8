import { type Organization, OrganizationChanged } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { Refusal, type Tx } from '@comanda/platform';
import { OrganizationRow } from './organization.entity.js';

/** Makes an organization. Nobody can do so over REST: a credential belongs to an organization that exists. */
export async function createOrganization(
  tx: Tx,
  { id, name, mode, languages }: Pick<Organization, 'id' | 'name' | 'mode' | 'languages'>,
): Promise<OrganizationRow> {
  const now = new Date();
  const row: OrganizationRow = {
    id,
    organizationId: id,
    name,
    mode,
    languages,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.insert(OrganizationRow, row);
  await announce(tx, row);
  return row;
}

/** Locks the organization until the transaction ends, so that its versions are told in order. */
export async function lockOrganization(tx: Tx, id: string): Promise<OrganizationRow> {
  const row = await tx.findOne(OrganizationRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is no such organization.');
  return row;
}

export async function changeOrganization(
  tx: Tx,
  row: OrganizationRow,
  change: Partial<Pick<Organization, 'name' | 'languages'>>,
): Promise<OrganizationRow> {
  const changed = { ...row, ...change, version: row.version + 1, updatedAt: new Date() };
  await tx.update(OrganizationRow, { id: row.id }, changed);
  await announce(tx, changed);
  return changed;
}

export const toOrganization = ({
  id,
  name,
  mode,
  languages,
  version,
  createdAt,
  updatedAt,
}: OrganizationRow): Organization => ({
  id,
  name,
  mode,
  languages,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const announce = (tx: Tx, { id, name, mode, languages, version, updatedAt }: OrganizationRow): Promise<void> =>
  publish(tx, OrganizationChanged, { organizationId: id, name, mode, languages }, { version, occurredAt: updatedAt });
