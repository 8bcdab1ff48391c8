import type { Envelope, KeyChanged, LocationChanged, OrganizationChanged } from '@comanda/contracts';
import type { KnownKey, Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';

// An event never overwrites what a newer one wrote.

export async function keepOrganization(
  tx: Tx,
  { organizationId, aggregateVersion, data }: Envelope<typeof OrganizationChanged>,
): Promise<void> {
  await tx.sql`
    insert into known_organizations as known (organization_id, name, mode, languages, version)
    values (${organizationId}, ${data.name}, ${data.mode}, ${data.languages}, ${aggregateVersion})
    on conflict (organization_id) do update
      set name = excluded.name, languages = excluded.languages, version = excluded.version
      where known.version < excluded.version`;
}

export async function keepLocation(
  tx: Tx,
  { organizationId, aggregateVersion, data }: Envelope<typeof LocationChanged>,
): Promise<void> {
  await tx.sql`
    insert into known_locations as known
      (id, organization_id, name, currency, time_zone, closing_hour, jurisdiction, cash_rounding, platform_fee, policies,
        version)
    values (${data.locationId}, ${organizationId}, ${data.name}, ${data.currency}, ${data.timeZone}, ${data.closingHour},
      ${JSON.stringify(data.jurisdiction)}, ${data.cashRounding && JSON.stringify(data.cashRounding)}, ${JSON.stringify(data.platformFee)},
      ${data.policies ? JSON.stringify(data.policies) : null}, ${aggregateVersion})
    on conflict (id) do update
      set name = excluded.name, time_zone = excluded.time_zone, closing_hour = excluded.closing_hour, jurisdiction = excluded.jurisdiction,
        cash_rounding = excluded.cash_rounding, platform_fee = excluded.platform_fee, policies = excluded.policies,
        version = excluded.version
      where known.version < excluded.version`;
}

export async function keepKey(
  tx: Tx,
  { organizationId, aggregateVersion, data }: Envelope<typeof KeyChanged>,
): Promise<void> {
  await tx.sql`
    insert into known_keys as known
      (id, organization_id, hash, scopes, location_ids, rate_per_second, expires_at, revoked_at, version)
    values (${data.keyId}, ${organizationId}, ${data.hash}, ${data.scopes}, ${data.locationIds}, ${data.ratePerSecond}, ${data.expiresAt}, ${data.revokedAt}, ${aggregateVersion})
    on conflict (id) do update set revoked_at = excluded.revoked_at, expires_at = excluded.expires_at, version = excluded.version
      where known.version < excluded.version`;
}

/** A key by its id, over all organizations. `worker` is the worker's data source. */
export async function findKey(worker: DataSource, id: string): Promise<KnownKey | undefined> {
  const [row] = await worker.sql<KnownKey[]>`
    select id, organization_id as "organizationId", hash, scopes, location_ids as locations,
      rate_per_second as "ratePerSecond", expires_at as "expiresAt", revoked_at as "revokedAt"
    from known_keys where id = ${id}`;
  return row;
}
