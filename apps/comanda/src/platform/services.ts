import { catalog } from '@comanda/catalog';
import { identity } from '@comanda/identity';
import { integrations } from '@comanda/integrations';
import { inventory } from '@comanda/inventory';
import { loyalty } from '@comanda/loyalty';
import { orders } from '@comanda/orders';
import { payments } from '@comanda/payments';
import { reporting } from '@comanda/reporting';
import type { ServiceDefinition } from '@comanda/service';

/** Every service, in the order in which they start. */
export const services: readonly ServiceDefinition[] = [
  identity,
  catalog,
  orders,
  payments,
  inventory,
  loyalty,
  integrations,
  reporting,
];

/** Which service answers a path: one public path space, a prefix for each. */
export const PREFIXES: Readonly<Record<string, ServiceDefinition>> = {
  '/v1/identity': identity,
  '/v1/catalog': catalog,
  '/v1/orders': orders,
  '/v1/payments': payments,
  '/v1/inventory': inventory,
  '/v1/loyalty': loyalty,
  '/v1/webhooks': integrations,
  '/v1/reports': reporting,
};
