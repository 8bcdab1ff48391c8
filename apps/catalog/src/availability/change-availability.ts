import { ItemAvailabilityChanged } from '@comanda/contracts';
import { newEvent, publishMany } from '@comanda/events';
import type { Tx } from '@comanda/platform';
import type { StoredAvailability, Wanted } from './availability.js';
import { writeAvailability } from './availability.store.js';

/** Writes how things shall be, and tells of each that really changed. */
export async function changeAvailability(
  tx: Tx,
  organizationId: string,
  wanted: readonly Wanted[],
  occurredAt?: Date | string,
): Promise<void> {
  if (wanted.length === 0) return;
  await tellChanged(tx, await writeAvailability(tx, organizationId, wanted), occurredAt);
}

/** Tells of rows that changed: every version of a row is told once. */
export function tellChanged(tx: Tx, rows: readonly StoredAvailability[], occurredAt?: Date | string): Promise<void> {
  return publishMany(
    tx,
    rows.map(({ version, changedAt, until, ...facts }) =>
      newEvent(
        ItemAvailabilityChanged,
        { ...facts, until: until?.toISOString() ?? null },
        { version, occurredAt: occurredAt ?? changedAt },
      ),
    ),
  );
}
