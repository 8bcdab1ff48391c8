import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { BusinessDate, Channel, Currency, Id, ServiceType } from './primitives.js';

/** A sum over years may pass what one amount may be. */
const Sum = z.object({ amount: z.int(), currency: Currency }).meta({ id: 'Sum' });
const Count = z.int();

/** What the rows of a report are of: a day, an item, a method of payment; its name where it has one beside its key. */
const GroupKey = z.object({ key: z.string().nullable(), name: z.string().nullable() }).meta({ id: 'GroupKey' });
export type GroupKey = z.infer<typeof GroupKey>;

/** Whatever happened has these; each hour as it passed begins with its offset, so that the hour that comes twice is two. */
const TIMES = ['businessDate', 'month', 'hour', 'hourOfDay', 'location'] as const;
const ORDERS = [...TIMES, 'channel', 'serviceType', 'server', 'staff'] as const;
const ITEMS = [...ORDERS, 'item', 'variation', 'category'] as const;

const period = {
  from: BusinessDate.optional().meta({ description: 'The first business day; from the beginning, unless given.' }),
  to: BusinessDate.optional().meta({ description: 'The last business day, included; until now, unless given.' }),
  locationId: Id.optional().meta({ description: 'Of this location alone; of the whole chain, unless given.' }),
};
const ofOrders = { ...period, channel: Channel.optional(), serviceType: ServiceType.optional() };

interface Described<
  Name extends string,
  Dimension extends string,
  Measures extends z.ZodRawShape,
  F extends z.ZodRawShape,
> {
  readonly name: Name;
  readonly summary: string;
  readonly description?: string;
  readonly dimensions: readonly Dimension[];
  /** What it is grouped by where nothing is said. */
  readonly usual: Dimension;
  readonly measures: Measures;
  readonly filters: F;
}

/** A report, as JSON and as CSV: the same question, the same numbers. */
function defineReport<
  const Name extends string,
  const Dimension extends string,
  Measures extends z.ZodRawShape,
  F extends z.ZodRawShape,
>({ name, summary, description, dimensions, usual, measures, filters }: Described<Name, Dimension, Measures, F>) {
  const one = `(${dimensions.join('|')})`;
  const query = z.strictObject({
    ...filters,
    groupBy: z
      .string()
      .regex(new RegExp(`^${one}(,${one}){0,2}$`), `Up to three of ${dimensions.join(', ')}, separated by commas.`)
      .transform((text) => [...new Set(text.split(','))] as Dimension[])
      .prefault(usual)
      .meta({ description: `Up to three of ${dimensions.join(', ')}, separated by commas.` }),
  });
  const called = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const id = `${called[0]?.toUpperCase()}${called.slice(1)}`;
  const row = z.object(measures);
  const answer = z
    .object({
      from: BusinessDate.nullable(),
      to: BusinessDate.nullable(),
      groupBy: z.array(z.string()),
      rows: z.array(row.extend({ group: z.record(z.string(), GroupKey) })),
      totals: z.array(row).meta({ description: 'The sum of all rows, one for each currency (or unit) there is.' }),
    })
    .meta({ id: `${id}Report` });
  const route = { method: 'GET', scope: 'reports:read', query, refusals: ['report_too_large'] } as const;
  const path = `/v1/reports/${name}` as const;
  return {
    measures,
    json: defineEndpoint({
      ...route,
      id: `${called}Report`,
      path,
      summary,
      description: `${description ?? ''} With \`Accept: text/csv\`, a spreadsheet.`.trimStart(),
      answer,
    }),
    csv: defineEndpoint({
      ...route,
      id: `${called}ReportCsv`,
      path: `${path}.csv`,
      summary: `${summary.slice(0, -1)}, as a spreadsheet.`,
      description:
        'RFC 4180, UTF-8, amounts in major units. A text that a spreadsheet would run as a formula begins with an apostrophe.',
      produces: 'text/csv',
    }),
  };
}

export const SalesReport = defineReport({
  name: 'sales',
  summary: 'What was sold, less what went back.',
  description:
    'Lines and service charges by the business date of their order and the hour in which each was ordered; what went back is below zero, when it did. The rows of every grouping add up to the same totals; `orders` counts an order in each group that has part of it.',
  dimensions: ITEMS,
  usual: 'businessDate',
  filters: ofOrders,
  measures: {
    orders: Count,
    quantity: Count,
    gross: Sum,
    discount: Sum,
    net: Sum.meta({ description: 'After discounts, without tax and service charges.' }),
    serviceCharge: Sum,
    tax: Sum,
    total: Sum.meta({ description: 'net + serviceCharge + tax.' }),
  },
});

export const TaxesReport = defineReport({
  name: 'taxes',
  summary: 'What tax was sold, by tax and rate.',
  description: 'What two taxes were taken on is in `taxable` of both; the sum of `tax` is the tax of the sales.',
  dimensions: [...ITEMS, 'tax', 'rate'],
  usual: 'tax',
  filters: ofOrders,
  measures: { taxable: Sum.meta({ description: 'Net amounts it was taken on.' }), tax: Sum },
});

export const DiscountsReport = defineReport({
  name: 'discounts',
  summary: 'What was taken off, by discount.',
  description:
    'The sum of `discount` is the discount of the sales. `discountSource` is what it comes from: `coupon`, `reward`, `comp` or `manual`; `grantedBy` and `approvedBy` are staff.',
  dimensions: [...ITEMS, 'discount', 'discountKind', 'discountSource', 'reason', 'grantedBy', 'approvedBy'],
  usual: 'discount',
  filters: ofOrders,
  measures: { orders: Count, discount: Sum },
});

export const ChargesReport = defineReport({
  name: 'charges',
  summary: 'What service charges brought, by charge, less what went back of them; and what was waived.',
  description:
    'The sum of `serviceCharge` is the service charge of the sales: each return has its part. `waived` counts on the business date of the waiver, at what the charge then came to, without tax; `reason`, `waivedBy` and `approvedBy` are those of waivers.',
  dimensions: [...ORDERS, 'charge', 'reason', 'waivedBy', 'approvedBy'],
  usual: 'charge',
  filters: ofOrders,
  measures: { orders: Count, waivers: Count, serviceCharge: Sum, waived: Sum },
});

export const VoidsReport = defineReport({
  name: 'voids',
  summary: 'What was ordered and voided, by the business date of the void.',
  description: '`voidedBy` is whoever did it, or the credential where nobody was named.',
  dimensions: [...ITEMS, 'reason', 'voidedBy', 'approvedBy', 'sent'],
  usual: 'reason',
  filters: ofOrders,
  measures: {
    orders: Count,
    quantity: Count,
    value: Sum.meta({ description: 'At list price, with modifiers, before discounts.' }),
  },
});

export const FoodCostReport = defineReport({
  name: 'food-cost',
  summary: 'What it cost in stock to make what was sold, beside what it was sold for.',
  description:
    'At the moving average cost that stock had when it was consumed; what was voided after the kitchen had it costs, and brings nothing. `cost` is rounded in each row; `costMicros` is exact, and adds up over every grouping.',
  dimensions: ITEMS,
  usual: 'item',
  filters: ofOrders,
  measures: {
    quantity: Count,
    costMicros: Count.meta({ description: 'Millionths of a minor unit.' }),
    net: Sum.meta({ description: 'After discounts, without tax.' }),
    cost: Sum,
  },
});

export const ReturnsReport = defineReport({
  name: 'returns',
  summary: 'What went back after it was paid, by the business date of the return.',
  description: 'Its sums are contained in those of the sales, below zero.',
  dimensions: [...ITEMS, 'reason', 'returnedBy', 'approvedBy'],
  usual: 'reason',
  filters: ofOrders,
  measures: {
    orders: Count,
    quantity: Count,
    net: Sum,
    serviceCharge: Sum,
    tax: Sum,
    total: Sum.meta({ description: 'What the guests were entitled to.' }),
  },
});

export const PaymentsReport = defineReport({
  name: 'payments',
  summary: 'What was collected and given back, and whose it is.',
  description:
    'The ledger, by the business date of each capture and refund: `collected` − `returned` = `merchant` + `tax` + `tips` + `platformFee` + `providerFee` + `rounding` + `loaded`, in every row.',
  dimensions: [...ORDERS, 'method', 'brand', 'takenBy'],
  usual: 'method',
  filters: ofOrders,
  measures: {
    payments: Count,
    refunds: Count,
    collected: Sum,
    returned: Sum,
    tips: Sum,
    rounding: Sum.meta({ description: 'Cash rounding.' }),
    tax: Sum,
    merchant: Sum,
    platformFee: Sum,
    providerFee: Sum,
    loaded: Sum.meta({
      description: 'Put on gift cards and house accounts: owed to guests, no revenue until it is spent.',
    }),
  },
});

export const ReconciliationReport = defineReport({
  name: 'reconciliation',
  summary: 'What was sold against what the ledger holds for it, by the business date of the order.',
  description:
    '`difference` = `sales` − `paid` + `refunded`: what nobody has paid yet or was refunded; negative where more was paid than is owed.',
  dimensions: [...ORDERS, 'order'],
  usual: 'businessDate',
  filters: ofOrders,
  measures: { orders: Count, sales: Sum, paid: Sum, refunded: Sum, difference: Sum },
});

export const StockReport = defineReport({
  name: 'stock',
  summary: 'What stock came and went, in the unit of each stock item.',
  description: 'By business date. `consumed` is what was sold, less what came back from voids.',
  dimensions: [...TIMES, 'stockItem', 'kind', 'item', 'variation'],
  usual: 'stockItem',
  filters: period,
  measures: {
    unit: z.string(),
    movements: Count,
    consumed: Count,
    wasted: Count,
    received: Count,
    adjusted: Count,
  },
});

export const FeedbackReport = defineReport({
  name: 'feedback',
  summary: 'How guests rated what they ordered.',
  description:
    'By the business date and hour of the order. Grouped by item, a rating counts for everything on its order: the rows add up to more than there are ratings. `low` is `score1` and `score2`.',
  dimensions: ITEMS,
  usual: 'location',
  filters: ofOrders,
  measures: {
    unit: z.string(),
    ratings: Count,
    low: Count,
    score1: Count,
    score2: Count,
    score3: Count,
    score4: Count,
    score5: Count,
  },
});

export const TableTurnReport = defineReport({
  name: 'table-turn',
  summary: 'How long tables were taken: from the order until it was paid.',
  description:
    'Of paid orders that name a table, but those for a promised time, by the business date and hour of the order. `seconds` of all turns, so that rows add up; `median` and `longest` are of one turn.',
  dimensions: [...ORDERS, 'table', 'covers'],
  usual: 'covers',
  filters: ofOrders,
  measures: {
    unit: z.string(),
    turns: Count,
    guests: Count.meta({ description: 'Of the orders that say how many.' }),
    seconds: Count,
    median: Count,
    longest: Count,
  },
});

export const SyncHealthReport = defineReport({
  name: 'sync-health',
  summary: 'How late the platform learnt of what had happened, by the service that told of it.',
  description:
    'Milliseconds from when something happened until its service recorded it: an order that was placed, a transaction of the ledger, a movement of stock. A till without a connection shows here. `late` is more than a minute.',
  dimensions: [...TIMES, 'service'],
  usual: 'service',
  filters: period,
  measures: { unit: z.string(), events: Count, late: Count, p50: Count, p95: Count, p99: Count, longest: Count },
});
