import type { OrderFacts } from '@comanda/contracts';
import { codeOf, constraintOf, JSON_BETWEEN, jsonTexts, Refusal, runPrepared, type Tx } from '@comanda/platform';
import type { OrderDocument } from './order.entity.js';
import type { KeptOrder } from './order.js';
import { type NewKeptOrder, numbered } from './place-order.js';

/**
 * Stores new orders, each with the next number of its location's business day, in one statement. The days' counters are
 * locked until the transaction ends, in the order of location and date, so this comes as late in it as can be.
 * @returns the orders with their numbers, as given
 * @throws Refusal `id_taken` when the id of an order or of a check is in use
 */
export async function insertOrders(tx: Tx, orders: readonly NewKeptOrder[]): Promise<KeptOrder[]> {
  const rows = orders.map(({ organizationId, facts, terms, settlements }) => {
    const { columns, document } = apart({ ...facts, number: 0 });
    return { organizationId, ...columns, document: JSON.stringify({ ...document, terms, settlements }) };
  });
  const column = (name: keyof (typeof rows)[number]): unknown[] => rows.map((row) => row[name]);
  try {
    const numbers = await runPrepared<{ number: number }>(tx, INSERT, [
      column('id'),
      column('organizationId'),
      column('locationId'),
      rows.map((_, at) => orders[at]?.facts.checks[0]?.id),
      column('businessDate'),
      column('status'),
      column('paymentStatus'),
      column('customerId'),
      column('externalId'),
      column('tab'),
      column('version'),
      column('occurredAt'),
      column('recordedAt'),
      jsonTexts(rows.map(({ document }) => document)),
    ]);
    return orders.map((order, at) => numbered(order, numbers[at]?.number ?? 0));
  } catch (error) {
    throw codeOf(error) === '23505' ? idTaken(error) : error;
  }
}

const idTaken = (cause: unknown): Refusal =>
  constraintOf(cause) === 'orders_check'
    ? new Refusal('id_taken', 'A check with this id exists.', {}, { cause })
    : new Refusal('id_taken', 'An order with this id exists.', {}, { cause });

const INSERT = {
  name: 'orders.insert',
  text: `
  with given as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::text[], $7::text[], $8::uuid[],
      $9::text[], $10::text[], $11::int[], $12::timestamptz[], $13::timestamptz[], string_to_array($14, ${JSON_BETWEEN})::jsonb[])
      with ordinality as given (id, organization_id, location_id, check_id, business_date, status, payment_status,
        customer_id, external_id, tab, version, occurred_at, recorded_at, document, place)
  ), counted as (
    insert into order_numbers as counter (location_id, business_date, organization_id, last)
    select location_id, business_date, organization_id, count(*) from given
    group by location_id, business_date, organization_id order by location_id, business_date
    on conflict (location_id, business_date) do update set last = counter.last + excluded.last
    returning location_id, business_date, last
  ), numbered as (
    select given.*, counted.last - count(*) over day + row_number() over (day order by place) as number
    from given join counted using (location_id, business_date)
    window day as (partition by location_id, business_date)
  ), stored as (
    insert into orders (id, organization_id, location_id, check_id, business_date, number, status, payment_status,
      customer_id, external_id, tab, version, occurred_at, recorded_at, document, changed_in)
    select id, organization_id, location_id, check_id, business_date, number, status, payment_status,
      customer_id, external_id, tab, version, occurred_at, recorded_at, document, (pg_current_xact_id()::text)::bigint
    from numbered order by place
  )
  select number::int from numbered order by place`,
};

/**
 * Locks orders until the transaction ends, in the order of their ids: changes of one order come one after the other, as do
 * their events.
 * @throws Refusal `not_found`
 */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, KeptOrder>> {
  const rows = await runPrepared<Row>(tx, LOCK, [ids]);
  const orders = new Map(rows.map((row) => [row.id, toKept(row)]));
  for (const id of ids) if (!orders.has(id)) throw new Refusal('not_found', 'There is no such order.', { id });
  return orders;
}

/** @throws Refusal `not_found` */
export async function readOrder(tx: Tx, orderId: string): Promise<KeptOrder> {
  const [row] = await runPrepared<Row>(tx, READ, [orderId]);
  if (!row) throw new Refusal('not_found', 'There is no such order.');
  return toKept(row);
}

/** Those orders of the ones asked for that there are. */
export async function readOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, KeptOrder>> {
  const rows = await runPrepared<Row>(tx, READ_ALL, [ids]);
  return new Map(rows.map((row) => [row.id, toKept(row)]));
}

/** Stores what became of orders that are locked. */
export async function updateOrders(tx: Tx, orders: readonly KeptOrder[]): Promise<void> {
  const rows = orders.map(({ facts, ...own }) => ({ ...apart(facts), own }));
  await runPrepared(tx, UPDATE, [
    rows.map(({ columns }) => columns.id),
    rows.map(({ columns }) => columns.status),
    rows.map(({ columns }) => columns.paymentStatus),
    rows.map(({ columns }) => columns.customerId),
    rows.map(({ columns }) => columns.tab),
    rows.map(({ columns }) => columns.version),
    jsonTexts(rows.map(({ document, own }) => JSON.stringify({ ...document, ...keptWith(own) }))),
  ]);
}

/** Which orders a list shows: of the locations that the caller sees (`null` for all), and of whatever else is given. */
export interface OrderFilter {
  readonly visible: readonly string[] | null;
  readonly locationId?: string | undefined;
  readonly businessDate?: string | undefined;
  readonly status?: OrderFacts['status'] | undefined;
  readonly customerId?: string | undefined;
  readonly externalId?: string | undefined;
  /** Only tabs that are open. */
  readonly tabs?: 'open' | undefined;
}

/** Orders, newest first, from a position on. What is not given is null, and folded away: each filter finds its own index. */
export async function listOrders(
  tx: Tx,
  filter: OrderFilter,
  after: readonly [occurredAt: string, id: string] | undefined,
  limit: number,
): Promise<KeptOrder[]> {
  const { visible } = filter;
  const locationId = filter.locationId ?? null;
  const businessDate = filter.businessDate ?? null;
  const status = filter.status ?? null;
  const customerId = filter.customerId ?? null;
  const externalId = filter.externalId ?? null;
  const tabs = filter.tabs ?? null;
  const [occurredAt, id] = after ?? [null, null];
  const rows = await tx.sql<Row[]>`
    select id, organization_id, location_id, business_date, number, status, payment_status, customer_id, external_id,
      version, occurred_at, recorded_at, document
    from orders
    where (${visible}::uuid[] is null or location_id = any(${visible}::uuid[]))
      and (${locationId}::uuid is null or location_id = ${locationId})
      and (${businessDate}::date is null or business_date = ${businessDate}::date
        and occurred_at between least(${businessDate}::date - interval '2 days',
          (select min(ordered_at) from scheduled_orders where business_date = ${businessDate}::date))
        and ${businessDate}::date + interval '3 days')
      and (${status}::text is null or status = ${status})
      and (${customerId}::uuid is null or customer_id = ${customerId})
      and (${externalId}::text is null or external_id = ${externalId})
      and (${tabs}::text is null or (tab is not null and status in ('placed', 'fired', 'ready')))
      and (${occurredAt}::timestamptz is null or (occurred_at, id) < (${occurredAt}::timestamptz, ${id}::uuid))
    order by occurred_at desc, id desc
    limit ${limit}`;
  return rows.map(toKept);
}
const COLUMNS = `id, organization_id, location_id, business_date, number, status, payment_status, customer_id, external_id,
    version, occurred_at, recorded_at, document`;

const LOCK = { name: 'orders.lock', text: `select ${COLUMNS} from orders where id = any($1) order by id for update` };
const READ = { name: 'orders.read', text: `select ${COLUMNS} from orders where id = $1` };
const READ_ALL = { name: 'orders.readAll', text: `select ${COLUMNS} from orders where id = any($1) order by id` };
const UPDATE = {
  name: 'orders.update',
  text: `
  update orders set status = after.status, payment_status = after.payment_status, customer_id = after.customer_id,
    tab = after.tab, version = after.version, document = after.document, changed_in = (pg_current_xact_id()::text)::bigint
  from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int[],
    string_to_array($7, ${JSON_BETWEEN})::jsonb[])
    as after (id, status, payment_status, customer_id, tab, version, document)
  where orders.id = after.id`,
};

/** A row as it is read: see `COLUMNS`. */
export interface Row {
  readonly id: string;
  readonly organization_id: string;
  readonly location_id: string;
  readonly business_date: string;
  readonly number: number;
  readonly status: OrderFacts['status'];
  readonly payment_status: OrderFacts['paymentStatus'];
  readonly customer_id: string | null;
  readonly external_id: string | null;
  readonly version: number;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly document: OrderDocument;
}

/** What of an order has a column, and the rest. */
function apart(facts: OrderFacts) {
  const { id, locationId, number, businessDate, status, paymentStatus, customerId, externalId, ...more } = facts;
  const { occurredAt, recordedAt, version, ...document } = more;
  return {
    columns: {
      id,
      locationId,
      number,
      businessDate,
      status,
      paymentStatus,
      customerId,
      externalId,
      tab: facts.tab ?? null,
      occurredAt,
      recordedAt,
      version,
    },
    document,
  };
}

/** What is kept of an order beside what everyone may know. */
const keptWith = ({ terms, settlements, split }: Omit<KeptOrder, 'facts'>) => ({ terms, settlements, split });

export function toKept(row: Row): KeptOrder {
  const { terms, settlements, split, ...document } = row.document;
  return {
    organizationId: row.organization_id,
    facts: {
      id: row.id,
      locationId: row.location_id,
      number: row.number,
      businessDate: row.business_date,
      status: row.status,
      paymentStatus: row.payment_status,
      customerId: row.customer_id,
      externalId: row.external_id,
      ...document,
      occurredAt: row.occurred_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
      version: row.version,
    },
    terms,
    settlements,
    split,
  };
}
