import type { Envelope, StaffChanged } from '@comanda/contracts';
import { type Fault, Refusal, type Tx } from '@comanda/platform';
import type { Hands, Person } from '../approvals/approvals.js';

/** Keeps what identity told of somebody; never over what a newer event told. */
export async function keepStaff(
  tx: Tx,
  { organizationId, aggregateVersion, data }: Envelope<typeof StaffChanged>,
): Promise<void> {
  await tx.sql`
    insert into known_staff as known (id, organization_id, role, location_ids, active, version)
    values (${data.staffId}, ${organizationId}, ${data.role}, ${data.locationIds}, ${data.active}, ${aggregateVersion})
    on conflict (id) do update
      set role = excluded.role, location_ids = excluded.location_ids, active = excluded.active, version = excluded.version
      where known.version < excluded.version`;
}

/** The people that a request names; `undefined` where it names none. */
export interface Named {
  readonly staffId?: string | undefined;
  readonly approverId?: string | undefined;
}

/**
 * Who does something at a location. Costs nothing where nobody is named.
 * @throws Refusal `reference_unknown` for somebody who does not work there
 */
export async function handsAt(tx: Tx, { staffId, approverId }: Named, locationId: string): Promise<Hands> {
  const ids = [staffId, approverId].filter((id) => id !== undefined);
  if (ids.length === 0) return {};
  const rows = await tx.sql<Person[]>`
    select id, role from known_staff
    where id = any(${ids}::uuid[]) and active and (location_ids is null or ${locationId}::uuid = any(location_ids))`;
  const known = new Map(rows.map((person) => [person.id, person]));
  const errors = Object.entries({ staffId, approverId }).flatMap(([field, id]): Fault[] =>
    id === undefined || known.has(id) ? [] : [{ pointer: `/${field}`, detail: 'Nobody with this id works here.' }],
  );
  if (errors.length > 0)
    throw new Refusal('reference_unknown', 'Somebody who is named does not work here.', { errors });
  return { staff: known.get(staffId ?? ''), approver: known.get(approverId ?? '') };
}
