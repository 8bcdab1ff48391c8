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
