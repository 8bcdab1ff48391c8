/** The services that own data, in the order in which they are started. */
export const SERVICES = [
  'identity',
  'catalog',
  'orders',
  'payments',
  'inventory',
  'loyalty',
  'integrations',
  'reporting',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The path under which each is reached, in one process as behind an ingress: one public path space. */
export const PREFIXES: Readonly<Record<ServiceName, `/v1/${string}`>> = {
  identity: '/v1/identity',
  catalog: '/v1/catalog',
  orders: '/v1/orders',
  payments: '/v1/payments',
  inventory: '/v1/inventory',
  loyalty: '/v1/loyalty',
  integrations: '/v1/webhooks',
  reporting: '/v1/reports',
};
