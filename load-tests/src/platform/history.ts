import { withConnection } from '@comanda/embedded';
import type { BenchPlatform } from './bench-platform.js';

/**
 * Gives orders a past: so many copies of orders that were placed, under ids of their own, on past days, with the keys they
 * were sent under and the answers they were given. Afterwards the server knows its tables as it would know its own.
 */
export async function fillHistory(platform: BenchPlatform, orders: number): Promise<void> {
  await withConnection(platform.databaseUrl('orders'), async (client) => {
    await client.query('set synchronous_commit = off');
    for (const statement of [ORDERS, KEYS]) await client.query(statement, [Math.ceil(orders / SAMPLE)]);
    await client.query('vacuum (analyze) orders, idempotency_keys');
    await client.query('checkpoint');
  });
}

const SAMPLE = 200;

// As many orders a day as there are in the sample, numbered from one on; a day further back with each turn.
const ORDERS = `
  insert into orders (id, organization_id, location_id, check_id, business_date, number, status, payment_status, customer_id,
    external_id, version, occurred_at, recorded_at, changed_in, document)
  select gen_random_uuid(), organization_id, location_id, gen_random_uuid(), business_date - day, at, 'completed', 'paid',
    customer_id, external_id, version, occurred_at - day * interval '1 day', recorded_at - day * interval '1 day', changed_in,
    document
  from (select row_number() over () as at, * from orders limit ${SAMPLE}) sample, generate_series(1, $1::int) day`;

const KEYS = `
  insert into idempotency_keys (organization_id, route, key, hash, status, answer, created_at, expires_at)
  select organization_id, route, gen_random_uuid()::text, hash, status, answer, created_at - day * interval '1 day', expires_at
  from (select * from idempotency_keys where status = 201 limit ${SAMPLE}) sample, generate_series(1, $1::int) day`;
