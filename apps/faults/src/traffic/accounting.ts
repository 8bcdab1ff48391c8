import { Client } from 'pg';
import { Broken } from '../broken.js';
import { soon } from '../soon.js';
import type { World } from '../world/world.js';
import type { Journal, Sale } from './journal.js';

/** What clients were told, held against what there is. Each entry is a sentence. */
export interface Account {
  readonly operations: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
}

/**
 * Holds every acknowledged operation against the databases, once everything has followed.
 * @throws Broken when a payment is still open, or an order that was paid does not know it, after `within` milliseconds
 */
export async function accountFor(
  urls: { readonly orders: string; readonly payments: string },
  { sales, operations }: Pick<Journal, 'sales' | 'operations'>,
  within = 60_000,
): Promise<Account> {
  const [orders, payments] = await Promise.all([open(urls.orders), open(urls.payments)]);
  try {
    await soon('every payment is resolved and its order knows', within, async () => {
      const left = await unresolved(sales, orders, payments);
      if (left.length > 0) throw new Error(left.slice(0, 5).join(' '));
      return true;
    });
    const found = await Promise.all([ofOrders(sales, orders), ofPayments(sales, payments), ofRefunds(sales, payments)]);
    return {
      operations,
      lost: found.flatMap(({ lost }) => lost),
      duplicated: found.flatMap(({ duplicated }) => duplicated),
    };
  } finally {
    await Promise.all([orders.end(), payments.end()]);
  }
}

type Found = Pick<Account, 'lost' | 'duplicated'>;

async function ofOrders(sales: readonly Sale[], db: Client): Promise<Found> {
  const { rows } = await db.query<{ mark: string; ids: string[] }>(
    'select external_id as mark, array_agg(id::text) as ids from orders where external_id = any($1) group by 1',
    [sales.map(({ mark }) => mark)],
  );
  const stored = new Map(rows.map(({ mark, ids }) => [mark, ids]));
  return {
    lost: sales.flatMap(({ mark, order }) =>
      order && !stored.get(mark)?.includes(order.id)
        ? [`Order ${order.id} (${mark}) was acknowledged and is not stored.`]
        : [],
    ),
    duplicated: rows.flatMap(({ mark, ids }) =>
      ids.length > 1 ? [`What ${mark} asked for once is in ${ids.length} orders: ${ids.join(', ')}.`] : [],
    ),
  };
}

async function ofPayments(sales: readonly Sale[], db: Client): Promise<Found> {
  // What a provider collected after it had said no goes back by itself.
  const { rows } = await db.query<{ id: string; order: string; status: string; kept: number }>(
    'select id::text, order_id::text as order, status, (amount_minor - refunded_minor)::int as kept from payments where order_id = any($1)',
    [sales.flatMap(({ order }) => order?.id ?? [])],
  );
  const given = new Map((await refundsOf(sales, db)).map(({ id, status }) => [id, status]));
  const stored = new Map(rows.map((row) => [row.id, row]));
  const kept = new Map<string, number>();
  for (const { order, status, kept: amount } of rows)
    if (status === 'captured') kept.set(order, (kept.get(order) ?? 0) + amount);
  return {
    lost: sales.flatMap(({ payments }) =>
      [...payments].flatMap(([id, { status }]) => {
        const now = stored.get(id)?.status;
        const isThere = status === 'captured' ? now === status : now !== undefined;
        return isThere ? [] : [`Payment ${id} was acknowledged as ${status} and is ${now ?? 'not stored'}.`];
      }),
    ),
    duplicated: sales.flatMap(({ order, refund }) => {
      if (!order) return [];
      // One whose end was not known when it was acknowledged may have come to nothing.
      const back = refund && given.get(refund.id) !== 'failed' ? refund.amount : 0;
      const [wanted, found] = [order.total - back, kept.get(order.id) ?? 0];
      return found > wanted ? [`Of order ${order.id}, ${wanted} was to be collected, and ${found} was.`] : [];
    }),
  };
}

async function ofRefunds(sales: readonly Sale[], db: Client): Promise<Found> {
  const asked = sales.flatMap(({ refund }) => refund ?? []);
  const rows = await refundsOf(sales, db);
  const stored = new Map(rows.map(({ id, status }) => [id, status]));
  const times = Map.groupBy(
    rows.filter(({ status }) => status !== 'failed'),
    ({ payment }) => payment,
  );
  return {
    lost: asked.flatMap(({ id, status }) => {
      const now = stored.get(id);
      const isThere = status === 'succeeded' ? now === status : now !== undefined;
      return isThere ? [] : [`Refund ${id} was acknowledged as ${status} and is ${now ?? 'not stored'}.`];
    }),
    duplicated: [...times].flatMap(([payment, refunds]) =>
      refunds.length > 1 ? [`Payment ${payment} was refunded ${refunds.length} times.`] : [],
    ),
  };
}

async function refundsOf(
  sales: readonly Sale[],
  db: Client,
): Promise<{ id: string; payment: string; status: string }[]> {
  const { rows } = await db.query<{ id: string; payment: string; status: string }>(
    'select id::text, payment_id::text as payment, status from refunds where payment_id = any($1)',
    [sales.flatMap(({ payments }) => [...payments.keys()])],
  );
  return rows;
}

async function unresolved(sales: readonly Sale[], orders: Client, payments: Client): Promise<string[]> {
  const ids = sales.flatMap(({ order }) => order?.id ?? []);
  const open = await payments.query<{ id: string; status: string }>(
    `select id::text, case when refunding_minor > 0 then 'being refunded' else status end as status from payments
     where order_id = any($1) and (status in ('pending', 'unknown') or refunding_minor > 0)`,
    [ids],
  );
  const paid = await payments.query<{ id: string }>(
    `select order_id::text as id from payments where order_id = any($1) and status = 'captured'`,
    [ids],
  );
  const behind = await orders.query<{ id: string; status: string }>(
    `select id::text, payment_status as status from orders where id = any($1) and payment_status <> 'paid'`,
    [paid.rows.map(({ id }) => id)],
  );
  return [
    ...open.rows.map(({ id, status }) => `Payment ${id} is ${status}.`),
    ...behind.rows.map(({ id, status }) => `Order ${id} was paid and is ${status}.`),
  ];
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** What `comanda audit` finds broken: each a sentence. @throws Broken when something does not follow in time */
export async function audit(world: World): Promise<string[]> {
  const { stdout, stderr } = await world.comanda('audit', '--json', '--within', '90');
  return readAudit(stdout || stderr).violations;
}

/**
 * Reads what `comanda audit --json` said.
 * @returns what is broken, each a sentence, and how many invariants hold that had something to look at
 * @throws Broken when something has not followed in time, or the audit could not be made
 */
export function readAudit(said: string): { violations: string[]; holding: number } {
  const start = said.indexOf('{');
  if (start < 0) throw new Broken(`The audit could not be made: ${said}`);
  // What else it says follows, where both of its streams are one.
  const { findings, behind } = JSON.parse(said.slice(start, said.lastIndexOf('}') + 1)) as AuditAnswer;
  if (behind) throw new Broken(`There still waits: ${JSON.stringify(behind)}`);
  const seen = findings.filter(({ examined }) => examined > 0);
  return {
    violations: seen.flatMap(({ id, holds, violations }) => (holds ? [] : violations.map((each) => `${id}: ${each}`))),
    holding: seen.filter(({ holds }) => holds).length,
  };
}

interface AuditAnswer {
  readonly findings: readonly { id: string; holds: boolean; examined: number; violations: readonly string[] }[];
  readonly behind?: object;
}
