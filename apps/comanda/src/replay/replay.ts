import { formatDecimal } from '@comanda/money';
import { ApiProblem, type Comanda, type Location, type Order, type Payment } from '@comanda/client';
import type { Descriptions } from '../demo/items.js';
import { Customers } from './customers.js';
import { derivedId, dice } from './derived-id.js';
import type { PastOrder } from './history.js';
import { MenuPublisher, type SellingMenu } from './menu-publisher.js';
import { isRecordedNow } from './recorded-now.js';
import { Receipts } from './receipts.js';
import { tenderPlan, type TenderPlan, tendersFor } from './tender-plan.js';

/** What a replay has led to; the same on every run but for `placed` and the time it took. */
export interface ReplayTotals {
  orders: number;
  lines: number;
  items: number;
  gross: number;
  paid: number;
  refunded: number;
  placed: number;
  /** Orders that were refused, with the reason. */
  readonly refused: Trouble[];
  /** Orders that were accepted, and a payment or refund of them was refused. */
  readonly unpaid: Trouble[];
  /** Payments and refunds of which the card's provider had not said how they ended. */
  readonly open: OpenPayment[];
  /** The accepted orders, and those that known customers paid for among them: what is free earns nothing. */
  readonly accepted: string[];
  ofCustomers: string[];
}

interface Trouble {
  readonly order: PastOrder;
  readonly why: string;
}

interface OpenPayment {
  readonly order: PastOrder;
  readonly orderId: string;
  readonly paymentId: string;
  /** Of a refund; none for the payment itself. */
  readonly refundId?: string;
}

export interface ReplayOptions {
  readonly api: Comanda;
  readonly location: Location;
  readonly history: readonly PastOrder[];
  readonly items: Descriptions;
  readonly concurrency: number;
  readonly progress: (done: number, placed: number) => void;
}

/**
 * Places a history's orders in the order of their times, pays each as the seed says, and receives at the start of each
 * month what the month will need. Keys and ids follow from the history: a second run changes nothing.
 */
export async function replay({
  api,
  location,
  history,
  items,
  concurrency,
  progress,
}: ReplayOptions): Promise<ReplayTotals> {
  const totals: ReplayTotals = {
    orders: 0,
    lines: 0,
    items: 0,
    gross: 0,
    paid: 0,
    refunded: 0,
    placed: 0,
    refused: [],
    unpaid: [],
    open: [],
    accepted: [],
    ofCustomers: [],
  };
  const menus = await MenuPublisher.open(api, location, history, items);
  const receipts = Receipts.open(api, location, history, menus);
  const customers = new Customers(api, location.id);
  const underWay = new Set<Promise<void>>();
  for (const [index, past] of history.entries()) {
    const menu = await menus.menuFor(index);
    await receipts.receiveFor(past);
    const work = replayOrder({ api, location, customers, past, menu, totals })
      .catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        totals.refused.push({ order: past, why: error.message });
      })
      .finally(() => {
        underWay.delete(work);
        progress(totals.orders + totals.refused.length, totals.placed);
      });
    underWay.add(work);
    // When the platform goes away all of them fail, and the first one is told.
    work.catch(() => undefined);
    if (underWay.size >= concurrency) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  return totals;
}

/** Whether it is this one order that is refused: a key that may not place orders will place none of the others. */
const isRefusal = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.status !== 401 && error.status !== 403;

interface OrderReplay {
  readonly api: Comanda;
  readonly location: Location;
  readonly customers: Customers;
  readonly past: PastOrder;
  readonly menu: SellingMenu;
  readonly totals: ReplayTotals;
}

async function replayOrder({ api, location, customers, past, menu, totals }: OrderReplay): Promise<void> {
  const seed = [location.id, past.number, past.date, past.time];
  const plan = tenderPlan(dice(seed.join('/')));
  const id = derivedId('order', ...seed);
  const occurredAt = past.occurredAt.toISOString();
  const customerId = plan.customer === null ? null : await customers.get(plan.customer);
  const began = performance.now();
  const placing = await api.POST('/v1/orders', {
    key: `replay-${id}`,
    body: {
      id,
      checkId: derivedId('check', ...seed),
      locationId: location.id,
      menuHash: menu.hash,
      channel: 'pos',
      serviceType: 'dine_in',
      externalId: past.number,
      customerId,
      occurredAt,
      completed: true,
      lines: past.lines.map((line, index) => ({
        id: derivedId('line', ...seed, String(index)),
        variationId: menu.variationOf(line),
        quantity: line.quantity,
      })),
    },
  });
  totals.orders += 1;
  const order = placing.data;
  totals.placed += isRecordedNow(placing, began) ? 1 : 0;
  totals.lines += past.lines.length;
  totals.items += past.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  totals.gross += past.lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  totals.accepted.push(id);
  try {
    await pay({ api, location, past, order, plan, totals });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    totals.unpaid.push({ order: past, why: error.message });
  }
}

interface Paying extends Pick<OrderReplay, 'api' | 'location' | 'past' | 'totals'> {
  readonly order: Order;
  readonly plan: TenderPlan;
}

/** Pays a bill as planned; then gives back what is given back. */
async function pay({ api, location, past, order, plan, totals }: Paying): Promise<void> {
  const [check] = order.checks;
  if (!check || check.totals.total.amount === 0) return;
  const { total } = check.totals;
  const occurredAt = past.occurredAt.toISOString();
  let last: Payment | undefined;
  for (const [index, tender] of tendersFor(plan, total, location.cashRounding).entries()) {
    const id = derivedId('payment', order.id, String(index));
    const { data: payment } = await api.POST('/v1/payments', {
      key: `replay-${id}`,
      body: { id, bill: check.bill, occurredAt, ...tender },
    });
    if (payment.status === 'captured') totals.paid += payment.collected.amount - payment.tip.amount;
    else totals.open.push({ order: past, orderId: order.id, paymentId: id });
    last = payment;
  }
  if (!last) return;
  if (order.customerId !== null) totals.ofCustomers.push(order.id);
  if (plan.refundHalves === 0) return;
  const amount = Math.floor((last.amount.amount * plan.refundHalves) / 2);
  if (amount === 0) return;
  const id = derivedId('refund', last.id);
  const { data: refund } = await api.POST('/v1/payments/{paymentId}/refunds', {
    path: { paymentId: last.id },
    key: `replay-${id}`,
    body: { id, amount: { amount, currency: total.currency }, reason: 'Sent back', occurredAt },
  });
  if (refund.status === 'succeeded') totals.refunded += refund.returned.amount - refund.tip.amount;
  else totals.open.push({ order: past, orderId: order.id, paymentId: last.id, refundId: id });
}

/** An amount as the summary shows it to people. */
export const shown = (amount: number, currency: string): string => `${formatDecimal({ amount, currency })} ${currency}`;
