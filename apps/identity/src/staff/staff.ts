import { StaffChanged, type StaffMember } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { newId, Refusal, refuseTaken, type Tx } from '@comanda/platform';
import { requireLocations } from '../locations/require-locations.js';
import { StaffMemberRow } from './staff-member.entity.js';

type StaffFields = Pick<StaffMember, 'name' | 'role' | 'locationIds'>;

export async function takeOn(
  tx: Tx,
  organizationId: string,
  { id = newId(), ...fields }: StaffFields & { id?: string | undefined },
): Promise<StaffMemberRow> {
  await requireLocations(tx, fields.locationIds);
  const now = new Date();
  const row: StaffMemberRow = {
    id,
    organizationId,
    ...fields,
    active: true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await refuseTaken(tx.insert(StaffMemberRow, row), 'Somebody with this id exists.');
  await announce(tx, row);
  return row;
}

/** Locks the row until the transaction ends, so that its versions are told in order. */
export async function lockStaffMember(tx: Tx, id: string): Promise<StaffMemberRow> {
  const row = await tx.findOne(StaffMemberRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is nobody with this id.');
  return row;
}

export async function changeStaffMember(
  tx: Tx,
  row: StaffMemberRow,
  change: Partial<StaffFields & { active: boolean }>,
): Promise<StaffMemberRow> {
  await requireLocations(tx, change.locationIds);
  const changed = { ...row, ...change, version: row.version + 1, updatedAt: new Date() };
  await tx.update(StaffMemberRow, { id: row.id }, changed);
  await announce(tx, changed);
  return changed;
}

export const toStaffMember = ({ organizationId: _, createdAt, updatedAt, ...fields }: StaffMemberRow): StaffMember => ({
  ...fields,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const announce = (tx: Tx, { id, role, locationIds, active, version, updatedAt }: StaffMemberRow): Promise<void> =>
  publish(tx, StaffChanged, { staffId: id, role, locationIds, active }, { version, occurredAt: updatedAt });
