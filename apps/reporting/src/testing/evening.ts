import type {
  Account,
  AppliedTax,
  Envelope,
  EventDefinition,
  LinesReturned,
  OrderFacts,
  OrderLine,
} from '@comanda/contracts';
import {
  LedgerPosted,
  OrderChanged,
  OrderPlaced,
  OrderReturned,
  PaymentCaptured,
  PaymentRefunded,
} from '@comanda/contracts';
import { proportionOf } from '@comanda/money';
import { newId } from '@comanda/platform';
import { type Cart, type Discount, price, type PricedCart, type PricedTax, refundOf, type Tax } from '@comanda/pricing';
import type { MoneyNews } from '../money/money.store.js';
import type { SalesNews } from '../sales/sales.store.js';

export const usd = (amount: number) => ({ amount, currency: 'USD' });

const tax = (id: string, rate: number, inclusive: boolean): Tax => ({
  id,
  rate,
  inclusive,
  compoundsOnPrevious: false,
  joinsBase: false,
});
/** A city's and a state's tax on top, and a deposit's that is in the price. */
export const TAXES = [
  tax('0199a1b2-0000-7000-8000-00000000000a', 88_750, false),
  tax('0199a1b2-0000-7000-8000-00000000000b', 12_500, false),
  tax('0199a1b2-0000-7000-8000-00000000000c', 100_000, true),
] as const;

/** What somebody orders, pays and regrets. */
export interface Visit {
  readonly locationId: string;
  readonly businessDate: string;
  readonly occurredAt: string;
  readonly channel?: OrderFacts['channel'];
  readonly serviceType?: OrderFacts['serviceType'];
  readonly server?: string;
  readonly roundingLevel?: 'line' | 'document';
  readonly lines: readonly {
    readonly item: number;
    readonly price: number;
    readonly quantity?: number;
    readonly taxes?: readonly Tax[];
    readonly discounts?: readonly Discount[];
    /** Voided once the guests have paid. */
    readonly voided?: boolean;
    /** How many go back after that. */
    readonly returned?: number;
    readonly name?: string;
  }[];
  readonly discounts?: readonly Discount[];
  readonly charge?: number;
  /** Where the guests sit: who sits has paid in the end. */
  readonly table?: string;
  readonly tenders?: readonly {
    readonly method: 'cash' | 'card';
    /** Parts per thousand of what the order comes to. */
    readonly part: number;
    readonly tip: number;
    readonly rounding: number;
    readonly refunds: readonly number[];
  }[];
}

const ID = (kind: number, n: number): string => `0199a1b2-000${kind}-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Everything that is told of a visit, in the order in which it happened; and how its order stands in the end. */
export function visit(organizationId: string, seen: Visit) {
  const orderId = newId();
  const ids = seen.lines.map(() => newId());
  const placed = orderOf(orderId, ids, seen, false);
  const sales: SalesNews[] = [eventOf(organizationId, OrderPlaced, placed, 1)];
  if (seen.lines.some(({ voided }) => voided))
    sales.push(eventOf(organizationId, OrderChanged, orderOf(orderId, ids, seen, true), 2));
  const returned = seen.lines.some((line) => line.returned);
  if (returned) {
    const last = orderOf(orderId, ids, seen, true, true);
    const version = sales.length + 1;
    sales.push(eventOf(organizationId, OrderReturned, { ...last, version }, version));
  }
  const money = (seen.tenders ?? []).flatMap((tender) => paid(organizationId, placed, tender));
  return { sales, money, order: sales.at(-1)?.data ?? placed };
}

function orderOf(
  id: string,
  lineIds: readonly string[],
  seen: Visit,
  regretted: boolean,
  returning = false,
): OrderFacts {
  const gone = (at: number): boolean => regretted && seen.lines[at]?.voided === true;
  const cart: Cart = {
    currency: 'USD',
    policy: { roundingMode: 'half-up', roundingLevel: seen.roundingLevel ?? 'line', step: 1, inclusiveTarget: 'tax' },
    serviceType: seen.serviceType ?? 'dine_in',
    covers: 2,
    lines: seen.lines.flatMap(({ quantity = 1, price: unitPrice, taxes = [], discounts = [] }, at) =>
      gone(at) ? [] : [{ id: lineIds[at] ?? '', quantity, unitPrice, modifiers: [], taxes, discounts, seat: null }],
    ),
    discounts: seen.discounts ?? [],
    serviceCharges: seen.charge
      ? [
          {
            id: ID(5, 1),
            phase: 'subtotal',
            taxes: [TAXES[0]],
            minimumCovers: 0,
            kind: 'percent',
            rate: seen.charge,
            base: 'post_discount',
          },
        ]
      : [],
  };
  const priced = price(cart);
  const byId = new Map(priced.lines.map((line) => [line.id, line]));
  const lines = seen.lines.map(({ item, price: unitPrice, quantity = 1, name = `Pizza ${item}` }, at): OrderLine => {
    const line = byId.get(lineIds[at] ?? '');
    const voided = { reason: 'Sent back', by: 'manager', at: seen.occurredAt, businessDate: '2026-03-09', sent: true };
    return {
      id: lineIds[at] ?? '',
      itemId: ID(1, item),
      variationId: ID(2, item),
      name: { en: name },
      variationName: { en: 'M' },
      categoryId: ID(3, item % 2),
      quantity,
      unitPrice: usd(unitPrice),
      modifiers: [],
      seat: null,
      note: null,
      status: line ? 'placed' : 'voided',
      voided: line ? null : voided,
      gross: usd(line?.gross ?? 0),
      discounts: [...(line?.discounts ?? []), ...(line?.orderDiscounts ?? [])].map((each) => ({
        id: newId(),
        name: each.id,
        amount: usd(each.amount),
      })),
      net: usd(line?.net ?? 0),
      taxes: applied(line?.taxes ?? []),
      total: usd(line?.total ?? 0),
      orderedAt: seen.occurredAt,
    };
  });
  const { gross, discount, net, serviceCharge, tax: taxed, total } = priced.totals;
  const totals = {
    gross: usd(gross),
    discount: usd(discount),
    net: usd(net),
    serviceCharge: usd(serviceCharge),
    tax: usd(taxed),
    total: usd(total),
  };
  const charges = priced.serviceCharges.map((charge) => ({
    id: charge.id,
    name: 'Service',
    amount: usd(charge.net),
    taxes: applied(charge.taxes),
  }));
  const version = regretted ? 2 : 1;
  return {
    id,
    locationId: seen.locationId,
    number: 1,
    businessDate: seen.businessDate,
    status: 'placed',
    paymentStatus: seen.table ? 'paid' : 'unpaid',
    channel: seen.channel ?? 'pos',
    serviceType: seen.serviceType ?? 'dine_in',
    table: seen.table ?? null,
    covers: 2,
    customerId: null,
    externalId: null,
    note: null,
    currency: 'USD',
    menuHash: '0'.repeat(64),
    cancelled: null,
    totals,
    placedBy: seen.server ?? 'till 1',
    occurredAt: seen.occurredAt,
    recordedAt: seen.occurredAt,
    version,
    checks: [{ id: newId(), version, lines, discounts: [], charges, totals, paid: usd(0) }],
    ...(returning && { returns: [returnOf(seen, priced, lines)] }),
  };
}

/** What goes back of each line, in the words of the contract. */
function returnOf(seen: Visit, priced: PricedCart, lines: readonly OrderLine[]): LinesReturned {
  const units = seen.lines.flatMap(({ returned = 0, quantity = 1 }, at) => {
    const line = lines[at];
    return line && !line.voided && returned > 0 ? [{ line, quantity: Math.min(returned, quantity) }] : [];
  });
  const refund = refundOf(
    priced,
    units.map(({ line, quantity }) => ({ lineId: line.id, quantity, already: 0 })),
  );
  return {
    id: newId(),
    lines: refund.lines.map((share, at) => {
      const { line, quantity = 0 } = units[at] ?? {};
      const part = (amount = 0): number => proportionOf(amount, quantity, line?.quantity ?? 1);
      return {
        lineId: share.lineId,
        quantity,
        gross: usd(share.gross),
        discounts: (line?.discounts ?? []).map((each) => ({ ...each, amount: usd(part(each.amount.amount)) })),
        net: usd(share.net),
        serviceCharge: usd(share.serviceCharge),
        taxes: applied(share.taxes),
        total: usd(share.total),
      };
    }),
    tax: usd(refund.tax),
    total: usd(refund.total),
    reason: 'Cold',
    by: 'manager',
    occurredAt: seen.occurredAt,
    businessDate: '2026-03-09',
  };
}

const applied = (taxes: readonly PricedTax[]): AppliedTax[] =>
  taxes.map(({ id, amount }) => {
    const { rate, inclusive } = TAXES.find((each) => each.id === id) ?? TAXES[0];
    return { taxId: id, name: `Tax ${rate}`, rate, inclusive, amount: usd(amount) };
  });

/** A capture and its refunds, with the legs that payments posts for them: the guest's tax goes along in proportion. */
function paid(
  organizationId: string,
  order: OrderFacts,
  { method, part, tip, rounding, refunds }: NonNullable<Visit['tenders']>[number],
): MoneyNews[] {
  const { total, tax: taxed } = order.totals;
  const amount = Math.floor((total.amount * part) / 1000);
  const share = (of: number): number => (total.amount === 0 ? 0 : Math.floor((taxed.amount * of) / total.amount));
  const id = newId();
  const facts = {
    id,
    locationId: order.locationId,
    orderId: order.id,
    checkId: order.checks[0]?.id ?? '',
    method,
    status: 'captured' as const,
    amount: usd(amount),
    rounding: usd(rounding),
    tip: usd(tip),
    collected: usd(amount + rounding + tip),
    tendered: null,
    change: null,
    refunded: usd(0),
    fee: usd(10),
    card: method === 'card' ? { brand: 'visa', last4: '4242' } : null,
    account: null,
    disputed: null,
    held: null,
    code: null,
    providerReference: null,
    declineCode: null,
    offline: false,
    businessDate: order.businessDate,
    takenBy: order.placedBy,
    occurredAt: order.occurredAt,
    recordedAt: order.occurredAt,
    version: 1,
  };
  const post = (kind: 'capture' | 'refund', of: number, ofTip: number, ofRounding: number) => {
    const sign = kind === 'capture' ? 1 : -1;
    const legs: readonly (readonly [Account, number])[] = [
      [method, of + ofTip + ofRounding],
      ['tax', -share(of)],
      ['tip', -ofTip],
      ['platform_fee', -3],
      ['psp_fee', method === 'card' ? -7 : 0],
      ['rounding', -ofRounding],
      ['merchant', share(of) + 3 + (method === 'card' ? 7 : 0) - of],
    ];
    return eventOf(
      organizationId,
      LedgerPosted,
      {
        id: newId(),
        kind,
        locationId: order.locationId,
        orderId: order.id,
        paymentId: id,
        refundId: kind === 'refund' ? newId() : null,
        businessDate: order.businessDate,
        currency: 'USD',
        postings: legs.map(([account, each]) => ({ account, amount: usd(sign * each) })),
        occurredAt: order.occurredAt,
      },
      1,
    );
  };
  const captured = eventOf(organizationId, PaymentCaptured, facts, 1);
  const given = refunds.map((thousandths, at) => {
    const back = Math.floor((amount * thousandths) / 1000);
    const refund = {
      id: newId(),
      amount: usd(back),
      rounding: usd(0),
      tip: usd(0),
      returned: usd(back),
      fee: usd(0),
      reason: 'Cold',
      businessDate: order.businessDate,
      occurredAt: order.occurredAt,
    };
    return [eventOf(organizationId, PaymentRefunded, { ...facts, refund }, at + 2), post('refund', back, 0, 0)];
  });
  return [captured, post('capture', amount, tip, rounding), ...given.flat()];
}

/** An event as it would come from the log. */
export function eventOf<D extends EventDefinition>(
  organizationId: string,
  definition: D,
  data: Envelope<D>['data'],
  aggregateVersion: number,
): Envelope<D> {
  const time = '2026-03-06T20:00:00.000Z';
  const subject = String((data as Record<string, unknown>)[definition.subject]);
  const { type, service } = definition;
  return {
    id: newId(),
    type,
    source: `/comanda/${service}`,
    subject,
    time,
    recordedAt: time,
    organizationId,
    aggregateVersion,
    traceparent: null,
    data,
  };
}
