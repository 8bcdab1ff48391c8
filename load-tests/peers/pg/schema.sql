-- The rows of one accepted order, as plainly as they can be kept: no row security, no group commit, no events beyond an outbox.
drop table if exists order_lines, orders, outbox, idempotency cascade;

create table orders (
  id uuid primary key,
  tenant_id uuid not null,
  store_id uuid not null,
  order_no text not null,
  channel text not null,
  status text not null,
  order_type text not null,
  table_no text,
  guest_count int,
  customer_id uuid,
  device_id uuid,
  staff_id uuid,
  currency char(3) not null,
  subtotal_minor bigint not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  tip_minor bigint not null,
  total_minor bigint not null,
  paid_minor bigint not null,
  lines jsonb not null,
  note text,
  business_date date not null,
  placed_at timestamptz not null,
  updated_at timestamptz not null default now(),
  version int not null default 1
);
create index orders_store_status on orders (store_id, status, placed_at);
create unique index orders_no on orders (store_id, business_date, order_no);

create table order_lines (
  id uuid primary key,
  order_id uuid not null references orders (id),
  line_no int not null,
  item_id uuid not null,
  name text not null,
  qty int not null,
  unit_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  modifiers jsonb not null,
  station text,
  status text not null
);
create index order_lines_order on order_lines (order_id);

create table outbox (
  id bigserial primary key,
  tenant_id uuid not null,
  aggregate_id uuid not null,
  type text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  published_at timestamptz
);
create index outbox_unpub on outbox (id) where published_at is null;

create table idempotency (
  tenant_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status int not null,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
