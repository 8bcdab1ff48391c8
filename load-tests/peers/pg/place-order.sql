-- One accepted order as one transaction of six round trips: begin, its key, the order, its three lines, its event, commit.
-- For pgbench, on the tables of schema.sql. The order's id is made of two random numbers.
\set a random(0, 4294967295)
\set b random(0, 281474976710655)
begin;
insert into idempotency (tenant_id, key, request_hash, status)
values ('11111111-1111-4111-8111-111111111111', to_hex((:a)::bigint) || to_hex((:b)::bigint), '\x00112233445566778899aabbccddeeff', 201);
insert into orders
values ((lpad(to_hex((:a)::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex((:b)::bigint), 12, '0'))::uuid,
  '11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222',
  to_hex((:a)::bigint) || '-' || to_hex((:b)::bigint), 'pos', 'accepted', 'dine_in', '12', 2, null,
  '11111111-1111-4111-8111-111111111111', '11111111-1111-4111-8111-111111111111',
  'USD', 3000, 0, 240, 0, 3240, 0,
  '[{"id": "0b7a9f8e-1111-4222-8333-444455556660", "itemId": "0b7a9f8e-1111-4222-8333-444455556660", "name": "Margherita pizza 0", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}, {"id": "0b7a9f8e-1111-4222-8333-444455556661", "itemId": "0b7a9f8e-1111-4222-8333-444455556661", "name": "Margherita pizza 1", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}, {"id": "0b7a9f8e-1111-4222-8333-444455556662", "itemId": "0b7a9f8e-1111-4222-8333-444455556662", "name": "Margherita pizza 2", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}]',
  null, current_date, now(), now(), 1);
insert into order_lines
values
  (gen_random_uuid(), (lpad(to_hex((:a)::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex((:b)::bigint), 12, '0'))::uuid, 1,
    '11111111-1111-4111-8111-111111111111', 'Margherita pizza 1', 1, 1000, 80, 1080, '[{"id": "m1", "name": "extra cheese", "price": 150}]', 'grill', 'new'),
  (gen_random_uuid(), (lpad(to_hex((:a)::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex((:b)::bigint), 12, '0'))::uuid, 2,
    '11111111-1111-4111-8111-111111111111', 'Margherita pizza 2', 1, 1000, 80, 1080, '[{"id": "m1", "name": "extra cheese", "price": 150}]', 'grill', 'new'),
  (gen_random_uuid(), (lpad(to_hex((:a)::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex((:b)::bigint), 12, '0'))::uuid, 3,
    '11111111-1111-4111-8111-111111111111', 'Margherita pizza 3', 1, 1000, 80, 1080, '[{"id": "m1", "name": "extra cheese", "price": 150}]', 'grill', 'new');
insert into outbox (tenant_id, aggregate_id, type, payload)
values ('11111111-1111-4111-8111-111111111111', (lpad(to_hex((:a)::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex((:b)::bigint), 12, '0'))::uuid, 'order.accepted.v1',
  '{"type": "order.accepted.v1", "lines": [{"id": "0b7a9f8e-1111-4222-8333-444455556660", "itemId": "0b7a9f8e-1111-4222-8333-444455556660", "name": "Margherita pizza 0", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}, {"id": "0b7a9f8e-1111-4222-8333-444455556661", "itemId": "0b7a9f8e-1111-4222-8333-444455556661", "name": "Margherita pizza 1", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}, {"id": "0b7a9f8e-1111-4222-8333-444455556662", "itemId": "0b7a9f8e-1111-4222-8333-444455556662", "name": "Margherita pizza 2", "qty": 1, "unitMinor": 1000, "taxMinor": 80, "totalMinor": 1080, "modifiers": [{"id": "m1", "name": "extra cheese", "priceMinor": 150}, {"id": "m2", "name": "no onions", "priceMinor": 0}], "station": "grill", "note": "well done please "}]}');
commit;
