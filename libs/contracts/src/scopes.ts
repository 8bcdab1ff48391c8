import { z } from 'zod';

/** What a credential may do. A key or token carries a list; everything else is refused. */
export const SCOPES = {
  'organization:read': 'Read the organization, its locations and staff.',
  'organization:write': 'Change the organization, its locations and staff.',
  'keys:manage': 'Make, rotate and revoke API keys.',
  'catalog:read': 'Read drafts and published menus.',
  'catalog:write': 'Change drafts, publish menus, mark items unavailable.',
  'orders:read': 'Read orders and follow the live feed.',
  'orders:write': 'Quote, place and change orders.',
  'orders:import': 'Place orders and take payments that happened before yesterday.',
  'payments:read': 'Read payments and the ledger.',
  'payments:write': 'Take, capture and void payments.',
  'payments:refund': 'Refund payments.',
  'payments:settle': 'Say by hand how a payment ended that the provider does not tell of.',
  'inventory:read': 'Read stock levels and movements.',
  'inventory:write': 'Receive, count and waste stock; change recipes.',
  'loyalty:read': 'Read customers, points and order history.',
  'loyalty:write': 'Change customers; move points.',
  'webhooks:read': 'Read webhook endpoints and what was sent to them.',
  'webhooks:manage': 'Make, change, rotate, replay and delete webhook endpoints.',
  'reports:read': 'Read reports.',
} as const;

export type Scope = keyof typeof SCOPES;
export const ALL_SCOPES = Object.keys(SCOPES) as Scope[];
export const Scope = z.enum(ALL_SCOPES as [Scope, ...Scope[]]).meta({ id: 'Scope' });
