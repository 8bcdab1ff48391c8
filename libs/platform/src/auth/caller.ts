import type { Scope } from '@comanda/contracts';
import { Refusal } from '../refusal.js';

/** Who sends a request, as its credential says. */
export interface Caller {
  readonly organizationId: string;
  /** The key's id or the token's subject: what audit rows name. */
  readonly id: string;
  readonly kind: 'key' | 'token';
  readonly scopes: ReadonlySet<Scope>;
  /** The locations the credential is valid for; `null` for all of the organization. */
  readonly locations: ReadonlySet<string> | null;
  /** Requests a second; `null` for no limit. */
  readonly ratePerSecond: number | null;
}

/** Refuses a caller whose credential does not carry the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope))
    throw new Refusal('scope_missing', `The credential lacks the scope ${scope}.`, { scope });
}

/** Refuses a caller whose credential is bound to other locations. */
export function requireLocation(caller: Caller, locationId: string): void {
  if (caller.locations && !caller.locations.has(locationId)) {
    throw new Refusal('location_forbidden', 'The credential is not valid for this location.', { locationId });
  }
}
