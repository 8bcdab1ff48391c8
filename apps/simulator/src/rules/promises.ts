import { deadLetterTopic } from '@comanda/events';
import type { Order, Payment, Refund } from '@comanda/contracts';
import { SELLING } from '../house/house.js';
import type { Operation } from '../scenario/client.js';
import type { Stage } from '../scenario/run-seed.js';

/**
 * What clients, guests and the shelf were promised, held against what there is when everything has come together: every
 * acknowledged operation is there once, the guests paid what they owe and no more, and each event had its effect once.
 */
export async function promises(stage: Stage): Promise<string[]> {
  const found = await Promise.all(
    [
      acknowledgedAreStored,
      nobodyPaidTwice,
      everythingIsPublished,
      nothingIsParked,
      shelvesMoved,
      pointsWereEarned,
    ].map((promise) => promise(stage)),
  );
  return found.flat();
}

type Query = <Row extends object>(service: string, sql: string) => Promise<Row[]>;

const queryOf =
  ({ ground, house }: Stage): Query =>
  (service, sql) =>
    ground.backends.administer(ground.databaseOf(service), sql, [house.organizationId]);

/** The requests to a route that were acknowledged, with what was said. */
const acknowledged = <Said>(
  { client }: Stage,
  endpoint: string,
): { readonly operation: Operation; readonly said: Said }[] =>
  client.operations.flatMap((operation) => {
    const { answer } = operation;
    return operation.endpoint === endpoint && answer && answer.status < 300
      ? [{ operation, said: answer.body as Said }]
      : [];
  });

/** P1 and I4: what was acknowledged is there, once for each request, and nothing else is. */
async function acknowledgedAreStored(stage: Stage): Promise<string[]> {
  const query = queryOf(stage);
  const violations: string[] = [];
  for (const [service, endpoint, table] of STORED) {
    const asked = stage.client.operations.filter(({ endpoint: id }) => id === endpoint);
    const stored = await query<{ id: string; stands: boolean }>(service, table);
    const ids = new Set(stored.map(({ id }) => id));
    const answered = new Map<string, number>();
    for (const { said } of acknowledged<{ id: string }>(stage, endpoint)) {
      const { id } = said;
      answered.set(id, (answered.get(id) ?? 0) + 1);
      if (!ids.has(id)) violations.push(`P1: ${endpoint} ${id} was acknowledged and is not there.`);
    }
    for (const [id, times] of answered)
      if (times > 1) violations.push(`I4: ${endpoint} ${id} is the answer to ${times} requests.`);
    // A card that was declined is told of by its payment, which may yet be paid late.
    const declined = new Set(asked.flatMap(({ answer }) => Object.values(answer?.body ?? {})));
    if (asked.every(({ answer }) => answer !== undefined))
      for (const { id, stands } of stored)
        if (stands && !answered.has(id) && !declined.has(id))
          violations.push(`I4: ${endpoint} ${id} is there, and nobody was told of it.`);
  }
  const ordered = [...acknowledged(stage, 'placeOrder'), ...acknowledged(stage, 'addLines')];
  const expected = ordered.reduce((sum, { operation }) => sum + (operation.body as { lines: [] }).lines.length, 0);
  const [lines] = await query<{ lines: number }>(
    'orders',
    `select coalesce(sum(jsonb_array_length(c -> 'lines')), 0)::int as lines
     from orders, jsonb_array_elements(document -> 'checks') c where organization_id = $1`,
  );
  if (lines?.lines !== expected)
    violations.push(`I4: ${expected} lines were acknowledged, and ${lines?.lines ?? 0} are there.`);
  return violations;
}

/** What was refused need not be told of by its id. */
const STORED: readonly (readonly [service: string, endpoint: string, sql: string])[] = [
  ['orders', 'placeOrder', 'select id, true as stands from orders where organization_id = $1'],
  ['payments', 'takePayment', `select id, status <> 'declined' as stands from payments where organization_id = $1`],
  [
    'payments',
    'refundPayment',
    `select id, status <> 'failed' as stands from refunds where organization_id = $1 and reason = 'Cold food'`,
  ],
];

/** P2: at the provider lies what the guests' bills come to, and nothing that nobody was told of. */
async function nobodyPaidTwice(stage: Stage): Promise<string[]> {
  const rows = await queryOf(stage)<{ check_id: string; total: number; kept: number }>(
    'payments',
    `select b.check_id, b.total_minor as total, coalesce(sum(p.amount_minor - p.refunded_minor), 0)::bigint as kept
     from bills b join payments p on p.organization_id = b.organization_id and p.check_id = b.check_id and p.status = 'captured'
     where b.organization_id = $1 group by b.organization_id, b.check_id, b.total_minor
     having coalesce(sum(p.amount_minor - p.refunded_minor), 0) > b.total_minor`,
  );
  const fell = new Set(
    [...acknowledged<Order>(stage, 'voidLine'), ...acknowledged<Order>(stage, 'cancelOrder')].map(
      ({ said }) => said.checks[0]?.id,
    ),
  );
  const over = rows
    .filter(({ check_id }) => !fell.has(check_id))
    .map(({ check_id, total, kept }) => `P2: on check ${check_id} ${kept} is kept of ${total}.`);
  const [sum] = await queryOf(stage)<{ ledger: number }>(
    'payments',
    `select coalesce(sum(amount_minor), 0)::bigint as ledger from ledger_postings where organization_id = $1 and account = 'card'`,
  );
  const books = [...stage.provider.books.charges.values()];
  const held = books.reduce((all, { captured, refunded }) => all + captured - refunded, 0);
  if (held !== (sum?.ledger ?? 0)) over.push(`P2: the provider holds ${held}, the ledger ${sum?.ledger ?? 0}.`);
  return over;
}

/** P4: the log holds every committed event. */
async function everythingIsPublished(stage: Stage): Promise<string[]> {
  const violations: string[] = [];
  for (const { name } of SELLING) {
    const rows = await queryOf(stage)<{ event_id: string }>(
      name,
      'select event_id from outbox where organization_id = $1',
    );
    const inLog = new Set(
      stage.broker.records(`comanda.${name}.v1`).flatMap((records) => records.map(({ headers }) => headers['ce_id'])),
    );
    for (const { event_id } of rows)
      if (!inLog.has(event_id)) violations.push(`P4: event ${event_id} of ${name} is not in the log.`);
  }
  return violations;
}

/** Whatever fails here is the infrastructure's fault: no event is to blame. */
async function nothingIsParked({ broker }: Stage): Promise<string[]> {
  return SELLING.flatMap(({ name }) =>
    broker
      .records(deadLetterTopic(`comanda.${name}.v1`))
      .flatMap((records) =>
        records.map(
          ({ headers }) => `P4: ${headers['ce_type']} was parked by ${headers['dlq_group']}: ${headers['dlq_error']}`,
        ),
      ),
  );
}

/** Effects of orders happen once: what left the shelf is what the orders say that was sold. */
async function shelvesMoved(stage: Stage): Promise<string[]> {
  const query = queryOf(stage);
  const sold = await query<{ variation: string; quantity: number }>(
    'orders',
    `select l ->> 'variationId' as variation, sum((l ->> 'quantity')::numeric)::float8 as quantity
     from orders, jsonb_array_elements(document -> 'checks') c, jsonb_array_elements(c -> 'lines') l
     where organization_id = $1
       and coalesce((l -> 'voided' ->> 'sent')::boolean, status <> 'cancelled' or l ->> 'status' <> 'placed') group by 1`,
  );
  const moved = await query<{ item: string; quantity: number }>(
    'inventory',
    `select stock_item_id as item, -sum(quantity)::bigint as quantity from movements where organization_id = $1 group by 1`,
  );
  return stage.house.dishes.flatMap(({ variationId, stockItemId, takes }) => {
    const expected = (sold.find(({ variation }) => variation === variationId)?.quantity ?? 0) * takes;
    const taken = moved.find(({ item }) => item === stockItemId)?.quantity ?? 0;
    return expected === taken ? [] : [`P4: ${expected} pieces were sold, and ${taken} left the shelf.`];
  });
}

/** A guest has earned for what was paid, once, and given back for what went back. */
async function pointsWereEarned(stage: Stage): Promise<string[]> {
  const query = queryOf(stage);
  const paid = await query<{ id: string; customer: string; paid: number }>(
    'orders',
    `select id, customer_id as customer,
       greatest((document #>> '{totals,total,amount}')::bigint,
         (select sum((c #>> '{paid,amount}')::bigint) from jsonb_array_elements(document -> 'checks') c))::bigint as paid
     from orders where organization_id = $1 and payment_status = 'paid' and customer_id is not null`,
  );
  const touched = new Set(acknowledged<Refund>(stage, 'refundPayment').map(({ said }) => said.paymentId));
  const refunded = new Set(
    acknowledged<Payment>(stage, 'takePayment').flatMap(({ said }) => (touched.has(said.id) ? [said.orderId] : [])),
  );
  const earned = await query<{ id: string; points: number }>(
    'loyalty',
    // What came in after the bill was paid goes back by itself, and what it earned with it.
    `select order_id as id, sum(points)::bigint as points from points_entries
     where organization_id = $1 and kind in ('earn', 'reverse') and order_id is not null group by 1`,
  );
  const points = new Map(earned.map((row) => [row.id, row.points]));
  return paid
    .filter(({ id }) => !refunded.has(id))
    .flatMap(({ id, paid: amount }) => {
      const expected = Math.floor(amount / 100);
      const had = points.get(id) ?? 0;
      return expected === had ? [] : [`P4: order ${id} was paid with ${amount} and earned ${had} points.`];
    });
}
