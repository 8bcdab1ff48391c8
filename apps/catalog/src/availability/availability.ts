import { createHash } from 'node:crypto';
import type { Availability } from '@comanda/contracts';
import { Refusal } from '@comanda/platform';
import type { AvailabilityRow } from './availability.entity.js';

/** What can, or cannot, be ordered for one reason. */
export type Subject = Pick<AvailabilityRow, 'locationId' | 'itemId' | 'variationId' | 'reason'>;

/** A subject and how it shall be from now on. */
export type Wanted = Subject & Pick<AvailabilityRow, 'available' | 'until'>;

/** A row as it is read: of the organization. */
export type StoredAvailability = Omit<AvailabilityRow, 'organizationId'>;

/**
 * The id of an availability: always the same for a location, item, variation and reason, so that it is known before
 * anything was ever unavailable. A UUID of version 8 (RFC 9562, 5.8), from the SHA-256 of what it is about.
 */
export function availabilityId({ locationId, itemId, variationId, reason }: Subject): string {
  const bytes = createHash('sha256').update([locationId, itemId, variationId, reason].join('/')).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * What somebody who puts something on or off sale wants; what is on sale is so without an end.
 * @throws Refusal `until_passed`
 */
export function wantedByHand(
  subject: Omit<Subject, 'reason'>,
  { available, until }: { available: boolean; until: string | null },
  now: Date,
): Wanted {
  const end = available || until === null ? null : new Date(until);
  if (end && end <= now)
    throw new Refusal('until_passed', 'The time until which it shall be unavailable has passed.', {
      errors: [{ pointer: '/until', detail: 'Lies in the past.' }],
    });
  return { ...subject, reason: 'manual', available, until: end };
}

/** @throws Refusal `not_found` for an item there never was, `reference_unknown` for a variation it never had */
export function requireItem(found: { item: boolean; variation: boolean }, variationId: string | null): void {
  if (!found.item) throw new Refusal('not_found', 'There is no such item.');
  if (variationId !== null && !found.variation)
    throw new Refusal('reference_unknown', 'The item has no such variation.', {
      errors: [{ pointer: '/variationId', detail: 'There is no such variation.' }],
    });
}

/** An availability as it is answered; without a row it is one that never changed. */
export function toAvailability(subject: Subject, row: StoredAvailability | undefined): Availability {
  return {
    id: availabilityId(subject),
    locationId: subject.locationId,
    itemId: subject.itemId,
    variationId: subject.variationId,
    reason: subject.reason,
    available: row?.available ?? true,
    until: row?.until?.toISOString() ?? null,
    changedAt: row?.changedAt.toISOString() ?? null,
  };
}
