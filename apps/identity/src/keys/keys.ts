import { type ApiKey, KeyChanged, type MintedApiKey, type Scope } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { apiKeyPepper, hashApiKey, mintApiKey, newId, Refusal, type Tx } from '@comanda/platform';
import type { z } from 'zod';
import { requireLocations } from '../locations/require-locations.js';
import { lockOrganization } from '../organizations/organizations.js';
import { ApiKeyRow } from './api-key.entity.js';

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly locationIds: string[] | null;
  readonly ratePerSecond: number | null;
  readonly expiresAt: string | null;
  readonly rotates: string | null;
}

/** Makes a key. The text in the answer is the only place where it will ever be. */
export async function mintKey(
  tx: Tx,
  rootSecret: string,
  organizationId: string,
  wanted: NewKey,
): Promise<z.infer<typeof MintedApiKey>> {
  await requireLocations(tx, wanted.locationIds);
  if (wanted.rotates !== null) await requireRotatable(tx, wanted.rotates);
  const { mode } = await lockOrganization(tx, organizationId);
  const id = newId();
  const { text } = mintApiKey(id, mode);
  const now = new Date();
  const row: ApiKeyRow = {
    id,
    organizationId,
    name: wanted.name,
    hash: hashApiKey(apiKeyPepper(rootSecret), text),
    scopes: [...new Set(wanted.scopes)].sort(),
    locationIds: wanted.locationIds,
    ratePerSecond: wanted.ratePerSecond,
    expiresAt: wanted.expiresAt === null ? null : new Date(wanted.expiresAt),
    revokedAt: null,
    rotates: wanted.rotates,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.insert(ApiKeyRow, row);
  await announce(tx, row);
  return { ...toApiKey(row), key: text };
}

/** Revokes a key, for good. */
export async function revokeKey(tx: Tx, id: string): Promise<ApiKeyRow> {
  const row = await lockKey(tx, id);
  if (!row) throw new Refusal('not_found', 'There is no such key.');
  if (row.revokedAt) throw new Refusal('key_already_revoked', 'The key was revoked before.');
  const now = new Date();
  const revoked = { ...row, revokedAt: now, version: row.version + 1, updatedAt: now };
  await tx.update(ApiKeyRow, { id }, revoked);
  await announce(tx, revoked);
  return revoked;
}

export const toApiKey = ({
  id,
  name,
  scopes,
  locationIds,
  ratePerSecond,
  expiresAt,
  revokedAt,
  rotates,
  version,
  createdAt,
}: ApiKeyRow): ApiKey => ({
  id,
  name,
  scopes: scopes as Scope[],
  locationIds,
  ratePerSecond,
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
  rotates,
  version,
  createdAt: createdAt.toISOString(),
});

/** While a key is rotated two live; a third would outlive its purpose unseen. */
async function requireRotatable(tx: Tx, id: string): Promise<void> {
  const old = await lockKey(tx, id);
  if (!old || old.revokedAt)
    throw new Refusal('reference_unknown', 'The key to rotate does not exist or is revoked.', {
      errors: [{ pointer: '/rotates', detail: 'No such live key.' }],
    });
  const successors = await tx.sql<unknown[]>`select 1 from api_keys where rotates = ${id} and revoked_at is null`;
  if (successors.length > 0)
    throw new Refusal('key_limit_reached', 'This key is being rotated already: revoke it, or its successor, first.');
}

/** Locks the key until the transaction ends, so that it is rotated or revoked once. */
const lockKey = (tx: Tx, id: string): Promise<ApiKeyRow | null> =>
  tx.findOne(ApiKeyRow, { where: { id }, lock: { mode: 'pessimistic_write' } });

const announce = (
  tx: Tx,
  { id, hash, scopes, locationIds, ratePerSecond, expiresAt, revokedAt, version, updatedAt }: ApiKeyRow,
): Promise<void> =>
  publish(
    tx,
    KeyChanged,
    {
      keyId: id,
      hash,
      scopes,
      locationIds,
      ratePerSecond,
      expiresAt: expiresAt?.toISOString() ?? null,
      revokedAt: revokedAt?.toISOString() ?? null,
    },
    { version, occurredAt: updatedAt },
  );
