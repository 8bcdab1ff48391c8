import type { Backlog } from '@comanda/invariants';
import { type Damage, parked } from './damage.js';

/** Looks like damage, and is what a distributed system does. */
export const NO_DAMAGE: readonly (Damage & { readonly id: string; readonly what: string })[] = [
  {
    id: 'I2',
    what: 'a charge of an attempt whose outcome is not known yet',
    to: 'payments',
    sql: [
      // What is not known yet is left aside, and there must be something to examine.
      `insert into payments select (jsonb_populate_record(p, '{"id": "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "method": "card", "status": "declined"}')).*
       from payments p where method = 'cash' and loads is null`,
      `update payments set provider_reference = null, status = 'unknown' where provider_reference is not null`,
      `update payment_attempts set status = 'unknown' where kind = 'charge'`,
    ],
  },
  {
    id: 'I5',
    what: 'an event that was parked',
    to: 'log',
    sql: parked('comanda.loyalty', 'comanda.integrations', 'comanda.reporting'),
  },
  {
    id: 'I5',
    what: 'an event that was recorded a moment ago and waits for the relay',
    to: 'payments',
    sql: [`update outbox set published_at = null, recorded_at = now() where id = (select max(id) from outbox)`],
  },
  {
    id: 'I6',
    what: 'events that came twice',
    to: 'log',
    sql: [
      `insert into log_entries (topic, partition, position, key, value, headers)
       select topic, partition, position + 1000, key, value, headers from log_entries where topic = 'comanda.orders.v1'`,
      `update log_partitions set next_position = next_position + 1000`,
    ],
  },
  {
    id: 'I6',
    what: 'two organizations that chose the same id',
    to: 'log',
    sql: [
      `insert into log_entries (topic, partition, position, key, value, headers)
       select topic, partition, position + 1000, key, value, headers::jsonb || jsonb_build_object(
         'ce_id', gen_random_uuid(), 'ce_organizationid', '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b')
       from log_entries where topic = 'comanda.payments.v1'`,
      `update log_partitions set next_position = next_position + 1000`,
    ],
  },
];

/** What is still on its way, and makes data differ that will agree. */
export const UNDER_WAY: readonly (Damage & { readonly what: string; readonly expected: Partial<Backlog> })[] = [
  {
    what: 'what the log does not have yet',
    to: 'payments',
    sql: [`update outbox set published_at = null where id in (select id from outbox order by id limit 2)`],
    expected: { outbox: { payments: 2 } },
  },
  {
    what: 'a consumer that is behind',
    to: 'log',
    sql: [
      `update log_cursors set position = position - 1 where group_name = 'comanda.loyalty' and (topic, partition) = (
         select topic, partition from log_entries where headers ->> 'ce_type' = 'comanda.order.paid.v1' limit 1)`,
    ],
    expected: { lag: { loyalty: 1 } },
  },
  {
    what: 'a level that has not followed its movements',
    to: 'inventory',
    sql: [
      `insert into unsettled (organization_id, location_id, counted, stock_item_ids, quantities, occurred_ats)
       select organization_id, location_id, false, array[stock_item_id], array[-1], array[now()] from levels limit 1`,
    ],
    expected: { unsettled: { inventory: 1 } },
  },
  {
    what: 'points that have not followed a payment',
    to: 'loyalty',
    sql: [`update points_facts set state = 'new' where kind = 'refunded'`],
    expected: { unsettled: { loyalty: 1 } },
  },
];
