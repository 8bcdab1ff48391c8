import * as catalog from './catalog.js';
import type { Endpoint } from './endpoint.js';
import * as identity from './identity.js';
import * as inventory from './inventory.js';
import * as loyalty from './loyalty.js';
import * as orders from './orders.js';
import * as payments from './payments.js';
import type { ServiceName } from './services.js';

/** Every endpoint of every service, as its module exports them. */
export const ENDPOINTS: Readonly<Record<ServiceName, readonly Endpoint[]>> = {
  identity: endpointsIn(identity),
  catalog: endpointsIn(catalog),
  orders: endpointsIn(orders),
  payments: endpointsIn(payments),
  inventory: endpointsIn(inventory),
  loyalty: endpointsIn(loyalty),
};

function endpointsIn(module: object): Endpoint[] {
  return Object.values(module)
    .filter((exported): exported is Endpoint => typeof exported === 'object' && exported !== null && 'method' in exported && 'path' in exported)
    .sort((one, other) => one.path.localeCompare(other.path) || one.method.localeCompare(other.method));
}
