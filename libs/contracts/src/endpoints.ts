import * as catalog from './catalog.js';
import type { Endpoint } from './endpoint.js';
import * as identity from './identity.js';
import * as integrations from './integrations.js';
import * as inventory from './inventory.js';
import * as ledger from './ledger.js';
import * as loyalty from './loyalty.js';
import * as orders from './orders.js';
import * as payments from './payments.js';
import * as reporting from './reporting.js';
import type { ServiceName } from './services.js';

/** Every endpoint of every service: the ones that their modules export, alone or as a collection. */
export const ENDPOINTS: Readonly<Record<ServiceName, readonly Endpoint[]>> = {
  identity: endpointsIn(identity),
  catalog: endpointsIn(catalog),
  orders: endpointsIn(orders),
  payments: endpointsIn({ ...payments, ...ledger }),
  inventory: endpointsIn(inventory),
  loyalty: endpointsIn(loyalty),
  integrations: endpointsIn(integrations),
  reporting: endpointsIn(reporting),
};

function endpointsIn(module: object): Endpoint[] {
  const exported = Object.values(module).flatMap((value: unknown) =>
    isEndpoint(value) ? [value] : isPlain(value) ? Object.values(value).filter(isEndpoint) : [],
  );
  return [...new Set(exported)].sort(
    (one, other) => one.path.localeCompare(other.path) || one.method.localeCompare(other.method),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isEndpoint(value: unknown): value is Endpoint {
  return isPlain(value) && 'method' in value && 'path' in value;
}
