import { type Finds, parked } from './damage.js';
import { MONEY_DAMAGES, REGULAR } from './money-damages.js';

/** The placing of the order in Rome, which was placed and paid and nothing else. */
const FIRST_OF_ROME = `topic = 'comanda.orders.v1' and headers ->> 'ce_aggregateversion' = '1'
  and key = (select key from log_entries where topic = 'comanda.orders.v1' group by key having count(*) = 2)`;

/** What an audit must find, by invariant. */
export const DAMAGES: Readonly<Record<string, readonly Finds[]>> = {
  ...MONEY_DAMAGES,
  I4: [
    {
      what: 'an order that a client was told of and nobody has',
      to: 'orders',
      sql: [`delete from orders ${REGULAR} returning id`],
      says: ({ id }) => [`placeOrder ${id} was acknowledged and is not in orders.`],
    },
    {
      what: 'such a payment',
      to: 'payments',
      sql: [`delete from payments where method = 'cash' and loads is null returning id`],
      says: ({ id }) => [`takePayment ${id} was acknowledged and is not in payments.`],
    },
    {
      what: 'such a refund',
      to: 'payments',
      sql: [`delete from refunds returning id`],
      says: ({ id }) => [`refundPayment ${id} was acknowledged and is not in refunds.`],
    },
    {
      what: 'one order for two intents',
      to: 'orders',
      sql: [
        `insert into idempotency_keys select (jsonb_populate_record(k, '{"key": "another"}')).* from idempotency_keys k
         where route = 'placeOrder' limit 1 returning answer ->> 'id' as id`,
      ],
      says: ({ id }) => [`placeOrder ${id} was acknowledged under 2 keys.`],
    },
  ],
  I5: [
    {
      what: 'an event that the log does not have',
      to: 'log',
      sql: [
        `delete from log_entries where ctid = (select ctid from log_entries where headers ->> 'ce_type' = 'comanda.order.paid.v1' limit 1) returning headers ->> 'ce_id' as id`,
      ],
      says: ({ id }) => [`Event ${id} of orders was published and is not in the log.`],
    },
    {
      what: 'an event that nobody brings to the log',
      to: 'payments',
      sql: [
        `update outbox set published_at = null, recorded_at = now() - interval '61 seconds'
         where id = (select max(id) from outbox) returning event_id as id`,
      ],
      says: ({ id }) => [`Event ${id} of payments has waited for more than a minute.`],
    },
    {
      what: 'an event that a consumer never dealt with',
      to: 'loyalty',
      sql: [
        `delete from inbox where event_id = (select event_id from inbox where type = 'comanda.order.paid.v1' limit 1) returning event_id as id`,
      ],
      says: ({ id }) => [`Event ${id} was neither handled nor parked by loyalty.`],
    },
    {
      what: 'an event that only another consumer parked',
      to: 'log',
      sql: parked('comanda.inventory'),
      says: () =>
        ['loyalty', 'integrations', 'reporting'].map(
          (name) => `Event 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b was neither handled nor parked by ${name}.`,
        ),
    },
  ],
  I6: [
    {
      what: 'a version that is missing',
      to: 'log',
      sql: [`delete from log_entries where ${FIRST_OF_ROME} returning key as id`],
      says: ({ id }) => [`comanda.orders.v1: ${id} shows version 2 after 0.`],
    },
    {
      what: 'two versions that changed places',
      to: 'log',
      sql: [
        `update log_entries set position = position + 1000 where ${FIRST_OF_ROME} returning key as id`,
        `update log_partitions set next_position = next_position + 1001 returning (select key from log_entries where position >= 1000) as id`,
      ],
      says: ({ id }) => [
        `comanda.orders.v1: ${id} shows version 2 after 0.`,
        `comanda.orders.v1: ${id} shows version 1 after 2.`,
      ],
    },
  ],
  I7: [
    {
      what: 'a level that was changed',
      to: 'inventory',
      sql: [
        `update levels set quantity = 7 where id = (select min(id::text)::uuid from levels)
         returning stock_item_id as item, location_id as place, (select sum(m.quantity) from movements m
           where m.stock_item_id = levels.stock_item_id and m.location_id = levels.location_id)::text as moved`,
      ],
      says: ({ item, place, moved }) => [`Stock item ${item} at ${place}: the level says 7, its movements ${moved}.`],
    },
    {
      what: 'a movement that is gone',
      to: 'inventory',
      sql: [
        `delete from movements m using levels l where m.stock_item_id = l.stock_item_id and m.location_id = l.location_id
           and m.id = (select min(id::text)::uuid from movements where kind = 'sale')
         returning m.stock_item_id as item, m.location_id as place, l.quantity::text as level, (l.quantity - m.quantity)::text as moved`,
      ],
      says: ({ item, place, level, moved }) => [
        `Stock item ${item} at ${place}: the level says ${level}, its movements ${moved}.`,
      ],
    },
    {
      what: 'movements without a level',
      to: 'inventory',
      sql: [
        `delete from levels where id = (select min(id::text)::uuid from levels)
         returning stock_item_id as item, location_id as place, quantity::text as moved`,
      ],
      says: ({ item, place, moved }) => [
        `Stock item ${item} at ${place}: the level says nothing, its movements ${moved}.`,
      ],
    },
  ],
  I8: [
    {
      what: 'points that nobody gave',
      to: 'loyalty',
      sql: [`update customers set points = points + 1000 returning id`],
      says: ({ id }) => [`Customer ${id} has 1013 points and entries of 13.`],
    },
    {
      what: 'an entry that is gone',
      to: 'loyalty',
      sql: [`delete from points_entries where kind = 'reverse' returning customer_id as id`],
      says: ({ id }) => [`Customer ${id} has 13 points and entries of 26.`],
    },
  ],
  I9: [
    {
      what: 'a menu that never arrived',
      to: 'orders',
      sql: [
        `update published_menus set body = null where location_id = (select min(location_id::text)::uuid from published_menus)
         returning location_id as id, hash`,
      ],
      says: ({ id, hash }) => [`Location ${id}: catalog published ${hash}, orders sells from nothing.`],
    },
    {
      what: 'a newer menu that orders has not heard of',
      to: 'catalog',
      sql: [
        `with newest as (select p from publications p limit 1)
         insert into publications select (jsonb_populate_record(p, '{"hash": "newer", "version": 99}')).* from newest
         returning location_id as id, (select (p).hash from newest) as hash`,
      ],
      says: ({ id, hash }) => [`Location ${id}: catalog published newer, orders sells from ${hash}.`],
    },
  ],
  I10: [
    {
      what: 'a row at a location of another organization',
      to: 'loyalty',
      sql: [
        `update customer_orders set organization_id = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' where customer_id is not null
         returning order_id as "order", location_id as place, (select min(organization_id::text) from customers) as owner`,
      ],
      says: ({ order, place, owner }) => [
        `loyalty.customer_orders: ${place} belongs to ${owner} and shows up with 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.`,
        `loyalty.customer_orders: ${order} belongs to ${owner} and shows up with 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.`,
      ],
    },
    {
      what: 'an event that tells one organization of another’s order',
      to: 'log',
      sql: [
        `update log_entries e set value = convert_to(replace(convert_from(e.value, 'utf8'), e.key, other.key), 'utf8'),
           headers = jsonb_set(e.headers::jsonb, '{ce_organizationid}', '"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"')
         from log_entries other
         where e.headers ->> 'ce_type' = 'comanda.points.earned.v1' and other.headers ->> 'ce_type' = 'comanda.order.placed.v1'
           and convert_from(e.value, 'utf8') like '%' || other.key || '%'
         returning e.headers ->> 'ce_id' as id, other.key as "order", other.headers ->> 'ce_organizationid' as owner`,
      ],
      says: ({ id, order, owner }) => [
        `comanda.loyalty.v1: ${order} belongs to ${owner} and shows up with 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b, in event ${id}.`,
      ],
    },
    {
      what: 'a row at a location that is nobody’s',
      to: 'inventory',
      sql: [
        `update stock_entries set location_id = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'
         where id = (select min(id::text)::uuid from stock_entries) returning organization_id as owner`,
      ],
      says: ({ owner }) => [
        `inventory.stock_entries: 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b belongs to nobody and shows up with ${owner}.`,
      ],
    },
  ],
  I12: [
    {
      what: 'an API key in what is remembered of a request',
      to: 'identity',
      sql: [
        `update idempotency_keys set answer = json_build_object('key', 'cmd_test_' || repeat('0a', 16) || '_' || repeat('b1', 24))
         where ctid = (select ctid from idempotency_keys limit 1) returning (select count(*)::int from idempotency_keys) as rows`,
      ],
      says: ({ rows }) => [`identity.idempotency_keys holds a card number or an API key, in 1 of ${rows} rows.`],
    },
    {
      what: 'a card number in an event',
      to: 'log',
      sql: [
        `update log_entries set value = convert_to('{"note":"5555-5555-5555-4444"}', 'utf8')
         where ctid = (select ctid from log_entries where topic = 'comanda.orders.v1' limit 1)
         returning (select count(*)::int from log_entries where topic = 'comanda.orders.v1') as rows`,
      ],
      says: ({ rows }) => [`comanda.orders.v1 holds a card number or an API key, in 1 of ${rows} rows.`],
    },
    {
      what: 'a card number in a header',
      to: 'log',
      sql: [
        `update log_entries set headers = jsonb_set(headers::jsonb, '{ce_subject}', '"378282246310005"')
         where ctid = (select ctid from log_entries where topic = 'comanda.catalog.v1' limit 1)
         returning (select count(*)::int from log_entries where topic = 'comanda.catalog.v1') as rows`,
      ],
      says: ({ rows }) => [`comanda.catalog.v1 holds a card number or an API key, in 1 of ${rows} rows.`],
    },
  ],
};

/** Writes a card number into one row of each table, into the first text that takes it. */
export const CARDS_EVERYWHERE = [
  `create temporary table planted (name text primary key, rows integer not null) on commit drop`,
  `do $$
   declare text record;
   begin
     for text in
       select c.relname as name, a.attname as field, case format_type(a.atttypid, null)
         when 'text' then quote_literal('4242 4242 4242 4242')
         when 'text[]' then quote_literal('{"4242-4242-4242-4242"}')
         else quote_literal('{"note": "4242424242424242"}') end as card
       from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
         and format_type(a.atttypid, null) in ('text', 'text[]', 'json', 'jsonb')
     loop
       continue when exists (select from planted where planted.name = text.name);
       begin
         execute format('with one as (update %1$I set %2$I = %3$s where ctid = (select ctid from %1$I limit 1) returning 1)
           insert into planted select %1$L, (select count(*) from %1$I) from one', text.name, text.field, text.card);
       exception when check_violation then null;
       end;
     end loop;
   end $$`,
  `select name as "table", rows from planted order by name`,
];
