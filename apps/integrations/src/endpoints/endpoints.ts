import type { WebhookEndpoint } from '@comanda/contracts';
import { type Caller, CONFIG, newId, Refusal, requireLocation, type Tx } from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { IntegrationsConfig } from '../integrations.config.js';
import { faultIn } from '../sending/destination.js';
import { newSecret } from '../sending/signature.js';
import { startAgain } from '../deliveries/deliveries.store.js';
import { WebhookEndpointRow } from './endpoint.entity.js';
import { SigningSecrets } from './signing-secrets.js';

/** What of an endpoint its owner chooses. */
type Wishes = Pick<WebhookEndpointRow, 'url' | 'description' | 'eventTypes' | 'locationIds'>;

/** Makes endpoints and changes them. */
@Injectable()
export class Endpoints {
  readonly #allowLoopback: boolean;

  constructor(
    private readonly locations: KnownLocations,
    private readonly secrets: SigningSecrets,
    @Inject(CONFIG) config: IntegrationsConfig,
  ) {
    this.#allowLoopback = config.WEBHOOK_ALLOW_LOOPBACK;
  }

  /** Who is bound to locations gets their events and no others. The secret is told here and never again. */
  async create(tx: Tx, caller: Caller, given: Wishes): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    const { organizationId } = caller;
    const wishes = { ...given, locationIds: given.locationIds ?? (caller.locations && [...caller.locations]) };
    await this.#check(caller, wishes);
    // Two that are made at once must not both be the last one allowed.
    await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks ${organizationId}`}, 0))`;
    if ((await tx.countBy(WebhookEndpointRow, { organizationId })) >= MOST)
      throw new Refusal('webhook_limit_reached', `There are ${MOST} endpoints already: delete one first.`);
    const [id, secret, now] = [newId(), newSecret(), new Date()];
    const row = {
      organizationId,
      id,
      ...wishes,
      status: 'enabled' as const,
      disabledReason: null,
      disabledAt: null,
      failingSince: null,
      secret: this.secrets.seal(id, secret),
      previousSecret: null,
      previousSecretUntil: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await tx.insert(WebhookEndpointRow, row);
    return { endpoint: toEndpoint(row), secret };
  }

  /** Enabled again, it is sent at once what was waiting for it. */
  async change(
    tx: Tx,
    caller: Caller,
    row: WebhookEndpointRow,
    change: Partial<Wishes & Pick<WebhookEndpointRow, 'status'>>,
  ): Promise<WebhookEndpoint> {
    const now = new Date();
    const changed = { ...row, ...change, version: row.version + 1, updatedAt: now };
    await this.#check(caller, changed);
    if (change.status === 'disabled' && row.status === 'enabled')
      Object.assign(changed, { disabledReason: 'by_hand', disabledAt: now });
    if (changed.status === 'enabled' && row.status === 'disabled') {
      Object.assign(changed, { disabledReason: null, disabledAt: null, failingSince: null });
      await startAgain(tx, row.organizationId, row.id);
    }
    await tx.update(WebhookEndpointRow, { organizationId: row.organizationId, id: row.id }, changed);
    return toEndpoint(changed);
  }

  /** A new secret; the old one signs, too, for some hours. */
  async rotate(
    tx: Tx,
    row: WebhookEndpointRow,
    overlapHours: number,
  ): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    const [secret, now] = [newSecret(), new Date()];
    const changes = {
      secret: this.secrets.seal(row.id, secret),
      previousSecret: overlapHours > 0 ? row.secret : null,
      previousSecretUntil: overlapHours > 0 ? new Date(now.getTime() + overlapHours * 3_600_000) : null,
      version: row.version + 1,
      updatedAt: now,
    };
    await tx.update(WebhookEndpointRow, { organizationId: row.organizationId, id: row.id }, changes);
    return { endpoint: toEndpoint({ ...row, ...changes }), secret };
  }

  async #check(caller: Caller, { url, locationIds }: Wishes): Promise<void> {
    const fault = faultIn(url, { allowLoopback: this.#allowLoopback });
    if (fault !== undefined)
      throw new Refusal('webhook_url_refused', `Events cannot be sent to this address. ${fault}`, {
        errors: [{ pointer: '/url', detail: fault }],
      });
    requireLocations(caller, { locationIds });
    for (const locationId of locationIds ?? []) await this.locations.get(caller.organizationId, locationId);
  }
}

/** Refuses a credential that is bound to locations what concerns others. */
function requireLocations(caller: Caller, { locationIds }: Pick<Wishes, 'locationIds'>): void {
  for (const locationId of locationIds ?? []) requireLocation(caller, locationId);
  if (caller.locations && locationIds === null)
    throw new Refusal('location_forbidden', 'The credential is not valid for all locations.');
}

/** An endpoint that the caller may see. @throws Refusal `not_found`, `location_forbidden` */
export async function findEndpoint(tx: Tx, caller: Caller, id: string): Promise<WebhookEndpointRow> {
  return seen(caller, await tx.findOneBy(WebhookEndpointRow, { organizationId: caller.organizationId, id }));
}

/** Locks the endpoint until the transaction ends: a change, a rotation and a failure must not overwrite each other. */
export async function lockEndpoint(tx: Tx, caller: Caller, id: string): Promise<WebhookEndpointRow> {
  const where = { organizationId: caller.organizationId, id };
  return seen(caller, await tx.findOne(WebhookEndpointRow, { where, lock: { mode: 'pessimistic_write' } }));
}

function seen(caller: Caller, row: WebhookEndpointRow | null): WebhookEndpointRow {
  if (!row) throw new Refusal('not_found', 'There is no such webhook endpoint.');
  requireLocations(caller, row);
  return row;
}

/** An endpoint as it is answered: without its secrets. */
export function toEndpoint(row: WebhookEndpointRow): WebhookEndpoint {
  const { organizationId: _, secret: __, previousSecret: ___, ...shown } = row;
  const previous = row.previousSecretUntil && row.previousSecretUntil > new Date() ? row.previousSecretUntil : null;
  return {
    ...shown,
    disabledAt: row.disabledAt && row.disabledAt.toISOString(),
    failingSince: row.failingSince && row.failingSince.toISOString(),
    previousSecretUntil: previous && previous.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Endpoints of an organization. */
const MOST = 20;
