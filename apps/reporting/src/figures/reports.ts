/** How a report is asked of the read models: trusted SQL, put together by name. */
export interface Report {
  readonly name: string;
  readonly from: string;
  readonly where?: string;
  /** The columns that every filter is about. */
  readonly businessDate: string;
  readonly locationId: string;
  /** What amounts, or quantities, of different kinds of it cannot be added up: the currency, or the unit. */
  readonly apart: 'currency' | 'unit';
  readonly of: string;
  readonly dimensions: Readonly<Record<string, Dimension>>;
  readonly counts: Readonly<Record<string, string>>;
  readonly sums: Readonly<Record<string, string>>;
}

/** What rows are grouped by; of things with names, the newest of a name. */
export interface Dimension {
  readonly key: string;
  readonly name?: string;
}

const zone = `coalesce(location.time_zone, 'UTC')`;

/** The hour as it passed, by its beginning on the clock and that clock's offset: the hour that comes twice is two. */
const hourOf = (at: string): string => `(
  to_char(date_trunc('hour', ${at}, ${zone}) at time zone ${zone}, 'YYYY-MM-DD"T"HH24:MI') ||
  case when ${at} at time zone ${zone} < ${at} at time zone 'UTC' then '-' else '+' end ||
  to_char(greatest(${at} at time zone ${zone} - ${at} at time zone 'UTC',
    ${at} at time zone 'UTC' - ${at} at time zone ${zone}), 'HH24:MI'))`;

const times = (row: string, day = `${row}.business_date`): Record<string, Dimension> => ({
  businessDate: { key: `to_char(${day}, 'YYYY-MM-DD')` },
  month: { key: `to_char(${day}, 'YYYY-MM')` },
  hour: { key: hourOf(`${row}.occurred_at`) },
  hourOfDay: { key: `to_char(${row}.occurred_at at time zone ${zone}, 'HH24')` },
  location: { key: 'location.id::text', name: 'to_jsonb(max(location.name))' },
});

const orders: Record<string, Dimension> = {
  channel: { key: 'sold.channel' },
  serviceType: { key: 'sold.service_type' },
  server: { key: 'sold.placed_by' },
  staff: { key: 'sold.staff_id' },
};

const newest = (name: string): string =>
  `(array_agg(${name} order by part.occurred_at desc, part.order_id desc, part.position desc))[1]`;

const variation: Dimension = {
  key: 'part.variation_id::text',
  name: newest('jsonb_build_array(part.item_name, part.variation_name)'),
};
const items: Record<string, Dimension> = {
  item: { key: 'part.item_id::text', name: newest('part.item_name') },
  variation,
  category: { key: 'part.category_id::text' },
};

const PARTS = {
  from: `sale_parts part
    join sold_orders sold on sold.organization_id = part.organization_id and sold.order_id = part.order_id
    left join known_locations location on location.id = sold.location_id`,
  businessDate: 'part.business_date',
  locationId: 'sold.location_id',
  apart: 'currency',
  of: 'sold.currency',
  dimensions: { ...times('part'), ...orders, ...items },
} as const;

const countOrders = 'count(distinct part.order_id)';

export const SALES: Report = {
  ...PARTS,
  name: 'sales',
  where: `part.kind in ('line', 'charge', 'return')`,
  counts: { orders: countOrders, quantity: 'sum(part.quantity)' },
  sums: {
    gross: 'sum(part.gross)',
    discount: 'sum(part.discount)',
    net: 'sum(part.net)',
    serviceCharge: 'sum(part.charge)',
    tax: 'sum(part.tax)',
    total: 'sum(part.total)',
  },
};

export const TAXES: Report = {
  ...PARTS,
  name: 'taxes',
  from: `${PARTS.from}
    cross join lateral jsonb_to_recordset(part.taxes) as tax ("taxId" text, name text, rate integer, amount bigint)`,
  dimensions: {
    ...PARTS.dimensions,
    tax: { key: 'tax."taxId"', name: newest('to_jsonb(tax.name)') },
    rate: { key: 'tax.rate::text' },
  },
  counts: {},
  sums: { taxable: 'sum(part.net + part.charge)', tax: 'sum(tax.amount)' },
};

export const DISCOUNTS: Report = {
  ...PARTS,
  name: 'discounts',
  from: `${PARTS.from}
    cross join lateral jsonb_to_recordset(part.discounts) as discount (name text, amount bigint, kind text,
      source text, reason text, "grantedBy" text, "approvedBy" text)`,
  dimensions: {
    ...PARTS.dimensions,
    discount: { key: 'discount.name' },
    discountKind: { key: 'discount.kind' },
    discountSource: { key: 'discount.source' },
    reason: { key: 'discount.reason' },
    grantedBy: { key: 'discount."grantedBy"' },
    approvedBy: { key: 'discount."approvedBy"' },
  },
  counts: { orders: countOrders },
  sums: { discount: 'sum(discount.amount)' },
};

const ofWaiver = (column: string): Dimension => ({ key: `case when part.kind = 'waiver' then part.${column} end` });

export const CHARGES: Report = {
  ...PARTS,
  name: 'charges',
  from: `${PARTS.from}
    cross join lateral jsonb_to_recordset(part.charges) as charge ("chargeId" text, name text, amount bigint, waived bigint)`,
  dimensions: {
    ...times('part'),
    ...orders,
    charge: { key: 'charge."chargeId"', name: newest('to_jsonb(charge.name)') },
    reason: ofWaiver('reason'),
    waivedBy: ofWaiver('voided_by'),
    approvedBy: ofWaiver('approved_by'),
  },
  counts: { orders: countOrders, waivers: `count(*) filter (where part.kind = 'waiver')` },
  sums: { serviceCharge: 'sum(charge.amount)', waived: 'sum(charge.waived)' },
};

export const VOIDS: Report = {
  ...PARTS,
  name: 'voids',
  where: `part.kind = 'void'`,
  dimensions: {
    ...PARTS.dimensions,
    reason: { key: 'part.reason' },
    voidedBy: { key: 'part.voided_by' },
    approvedBy: { key: 'part.approved_by' },
    sent: { key: 'part.sent::text' },
  },
  counts: { orders: countOrders, quantity: 'sum(part.quantity)' },
  sums: { value: 'sum(part.gross)' },
};

export const FOOD_COST: Report = {
  ...PARTS,
  name: 'food-cost',
  from: `${PARTS.from}
    left join lateral (
      select -sum(movement.cost_micros) as micros from stock_movements movement
      where movement.organization_id = part.organization_id and movement.order_id = part.order_id
        and movement.line_id = part.line_id and movement.cost_currency = sold.currency and part.kind <> 'return'
    ) stock on true`,
  where: `part.kind in ('line', 'void', 'return')`,
  counts: {
    quantity: `coalesce(sum(part.quantity) filter (where part.kind <> 'void'), 0)`,
    costMicros: 'coalesce(sum(stock.micros), 0)',
  },
  sums: {
    net: `coalesce(sum(part.net) filter (where part.kind <> 'void'), 0)`,
    cost: 'coalesce(round(sum(stock.micros) / 1000000), 0)',
  },
};

export const RETURNS: Report = {
  ...PARTS,
  name: 'returns',
  where: `part.kind = 'return'`,
  dimensions: {
    ...PARTS.dimensions,
    reason: { key: 'part.reason' },
    returnedBy: { key: 'part.voided_by' },
    approvedBy: { key: 'part.approved_by' },
  },
  counts: { orders: countOrders, quantity: '-sum(part.quantity)' },
  sums: { net: '-sum(part.net)', serviceCharge: '-sum(part.charge)', tax: '-sum(part.tax)', total: '-sum(part.total)' },
};

const isCapture = `entry.kind = 'capture'`;

export const PAYMENTS: Report = {
  name: 'payments',
  from: `ledger_entries entry
    left join tenders tender on tender.organization_id = entry.organization_id and tender.payment_id = entry.payment_id
    left join sold_orders sold on sold.organization_id = entry.organization_id and sold.order_id = entry.order_id
    left join known_locations location on location.id = entry.location_id`,
  businessDate: 'entry.business_date',
  locationId: 'entry.location_id',
  apart: 'currency',
  of: 'entry.currency',
  dimensions: {
    ...times('entry'),
    ...orders,
    method: { key: 'tender.method' },
    brand: { key: 'tender.brand' },
    takenBy: { key: 'tender.taken_by' },
  },
  counts: {
    payments: `count(*) filter (where ${isCapture})`,
    refunds: `count(*) filter (where entry.kind = 'refund')`,
  },
  sums: {
    collected: `coalesce(sum(entry.collected) filter (where ${isCapture}), 0)`,
    returned: `coalesce(-sum(entry.collected) filter (where not ${isCapture}), 0)`,
    tips: 'sum(entry.tip)',
    rounding: 'sum(entry.rounding)',
    tax: 'sum(entry.tax)',
    merchant: 'sum(entry.merchant)',
    platformFee: 'sum(entry.platform_fee)',
    providerFee: 'sum(entry.provider_fee)',
    loaded: 'sum(entry.loaded)',
  },
};

export const RECONCILIATION: Report = {
  name: 'reconciliation',
  from: `sold_orders sold
    left join known_locations location on location.id = sold.location_id
    cross join lateral (
      select coalesce(sum(entry.collected - entry.tip - entry.rounding) filter (where ${isCapture}), 0) as paid,
        coalesce(-sum(entry.collected - entry.tip - entry.rounding) filter (where not ${isCapture}), 0) as refunded
      from ledger_entries entry
      where entry.organization_id = sold.organization_id and entry.order_id = sold.order_id and entry.currency = sold.currency
    ) ledger`,
  businessDate: 'sold.business_date',
  locationId: 'sold.location_id',
  apart: 'currency',
  of: 'sold.currency',
  dimensions: { ...times('sold'), ...orders, order: { key: 'sold.order_id::text' } },
  counts: { orders: 'count(*)' },
  sums: {
    sales: 'sum(sold.total)',
    paid: 'sum(ledger.paid)',
    refunded: 'sum(ledger.refunded)',
    difference: 'sum(sold.total - ledger.paid + ledger.refunded)',
  },
};

const movedBy = (kinds: string, sign: '' | '-'): string =>
  `coalesce(${sign}sum(movement.quantity) filter (where movement.kind in (${kinds})), 0)`;

export const STOCK: Report = {
  name: 'stock',
  from: `stock_movements movement
    left join sale_parts part on part.organization_id = movement.organization_id and part.order_id = movement.order_id
      and part.line_id = movement.line_id and part.kind <> 'return'
    left join known_locations location on location.id = movement.location_id`,
  businessDate: 'movement.business_date',
  locationId: 'movement.location_id',
  apart: 'unit',
  of: 'movement.unit',
  dimensions: {
    ...times('movement'),
    stockItem: { key: 'movement.stock_item_id::text' },
    kind: { key: 'movement.kind' },
    item: { key: 'part.item_id::text', name: newest('part.item_name') },
    variation,
  },
  counts: {
    movements: 'count(*)',
    consumed: movedBy(`'sale', 'return'`, '-'),
    wasted: movedBy(`'waste'`, '-'),
    received: movedBy(`'receipt'`, ''),
    adjusted: movedBy(`'adjustment'`, ''),
  },
  sums: {},
};

const ratedBy = (scores: string): string => `count(distinct score.order_id) filter (where score.score in (${scores}))`;

export const FEEDBACK: Report = {
  name: 'feedback',
  from: `feedback_scores score
    join sold_orders sold on sold.organization_id = score.organization_id and sold.order_id = score.order_id
    left join sale_parts part on part.organization_id = score.organization_id and part.order_id = score.order_id
      and part.kind = 'line'
    left join known_locations location on location.id = sold.location_id`,
  businessDate: 'sold.business_date',
  locationId: 'sold.location_id',
  apart: 'unit',
  of: `'score'::text`,
  dimensions: { ...times('sold'), ...orders, ...items },
  counts: {
    ratings: 'count(distinct score.order_id)',
    low: ratedBy('1, 2'),
    score1: ratedBy('1'),
    score2: ratedBy('2'),
    score3: ratedBy('3'),
    score4: ratedBy('4'),
    score5: ratedBy('5'),
  },
  sums: {},
};

export const TABLE_TURN: Report = {
  name: 'table-turn',
  from: `sold_orders sold
    left join known_locations location on location.id = sold.location_id
    cross join lateral (
      select extract(epoch from max(entry.occurred_at) - sold.seated_at)::bigint as seconds from ledger_entries entry
      where entry.organization_id = sold.organization_id and entry.order_id = sold.order_id and entry.kind = 'capture'
    ) turn`,
  where: 'sold.paid and turn.seconds >= 0',
  businessDate: 'sold.business_date',
  locationId: 'sold.location_id',
  apart: 'unit',
  of: `'second'::text`,
  dimensions: {
    ...times('sold'),
    ...orders,
    table: { key: 'sold.table_name' },
    covers: { key: 'sold.covers::text' },
  },
  counts: {
    turns: 'count(*)',
    guests: 'coalesce(sum(sold.covers), 0)',
    seconds: 'sum(turn.seconds)',
    median: 'percentile_disc(0.5) within group (order by turn.seconds)',
    longest: 'max(turn.seconds)',
  },
  sums: {},
};

const toldBy = (service: string, table: string): string => `
  select '${service}'::text as service, location_id, business_date, occurred_at, delay_ms from ${table} where delay_ms is not null`;
const delayAt = (share: string): string => `percentile_disc(${share}) within group (order by told.delay_ms)`;

export const SYNC_HEALTH: Report = {
  name: 'sync-health',
  from: `(${[toldBy('orders', 'sold_orders'), toldBy('payments', 'ledger_entries'), toldBy('inventory', 'stock_movements')].join(' union all ')}) told
    left join known_locations location on location.id = told.location_id`,
  businessDate: 'told.business_date',
  locationId: 'told.location_id',
  apart: 'unit',
  of: `'millisecond'::text`,
  dimensions: { ...times('told'), service: { key: 'told.service' } },
  counts: {
    events: 'count(*)',
    late: 'count(*) filter (where told.delay_ms > 60000)',
    p50: delayAt('0.5'),
    p95: delayAt('0.95'),
    p99: delayAt('0.99'),
    longest: 'max(told.delay_ms)',
  },
  sums: {},
};
