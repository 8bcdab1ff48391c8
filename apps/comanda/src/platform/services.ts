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
