import { OrderCancelled, OrderChanged, OrderFacts, OrderPaid } from '@comanda/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { THE_CHAIN } from '../approvals/approvals.js';
import { indexMenu } from '../menus/menu-index.js';
import { inState, newOrder, onSale, placed, WAITER, LOCATION } from '../testing/kept-order.js';
import { line, ON_THE_MENU as on } from '../testing/menu.js';
import { carts, menus as randomMenus } from '../testing/random-menu.js';
import { addLines, amend, cancel, pay, voidLine } from './change-order.js';
import { type Change, type KeptOrder, linesOf } from './order.js';
import { placeOrder } from './place-order.js';
import { reprice } from './reprice.js';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const sale = onSale();
const later = onSale({ pint: 700, salesTax: 200_000 });
const menus = new Map([sale, later].map(({ menu }) => [menu.hash, menu]));
const when = { occurredAt: new Date('2026-03-06T19:30:00Z'), businessDate: '2026-03-06' };
const reason = { reason: 'Guest left', by: 'waiter', when, authority: THE_CHAIN };

const after = (change: Change | undefined): KeptOrder => {
  if (!change) throw new Error('Nothing changed.');
  // Whatever became of it is an order that everyone can read.
  OrderFacts.parse(change.order.facts);
  return change.order;
};
const add = (order: KeptOrder, ...ids: string[]) =>
  addLines(order, { lines: ids.map((id) => line(id)) }, { onSale: later, menus, when, now: new Date() });
const paying = (amount: number, version = 1) => ({ paymentId: 'p1', version, captured: amount });
const eventsOf = (change: Change | undefined) => change?.told.map(({ event, facts }) => [event.type, facts.version]);
const checkOf = (order: KeptOrder) => {
  const [check] = order.facts.checks;
  if (!check) throw new Error('The order has no check.');
  return check;
};
const paid = (order: KeptOrder, amount: number) => pay(order, checkOf(order).id, paying(amount));

describe('an order priced again', () => {
  test('costs what it cost, for any menu and any cart', () => {
    const cases = randomMenus.chain((published) => carts(published).map((cart) => ({ published, cart })));
    fc.assert(
      fc.property(cases, ({ published, cart }) => {
        const menu = indexMenu(published);
        const accepted = placeOrder(newOrder(cart), {
          caller: WAITER,
          place: LOCATION,
          onSale: { menu, unavailable: new Map() },
        });
        const order = { ...accepted, facts: { ...accepted.facts, number: 1 } };
        const kept = JSON.parse(JSON.stringify(order)) as KeptOrder;
        expect(reprice(kept, checkOf(kept), new Map([[menu.hash, menu]]), {})).toEqual(checkOf(order));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('amending', () => {
  test('what has no price leaves the bill as it is', () => {
    const order = placed();
    const changed = after(amend(order, { table: '7', note: 'Birthday', customerId: null }, menus));
    expect(changed.facts).toMatchObject({ table: '7', note: 'Birthday', version: 3, covers: null });
    expect(changed.facts.checks).toEqual(order.facts.checks);
  });

  test('to nothing changes nothing', () => {
    expect(amend(placed(), { version: 1 }, menus)).toBeUndefined();
  });

  test('a discount prices the order by the menu it was placed by, and makes a new bill', () => {
    const order = placed();
    const half = { kind: 'percent', name: 'Regulars', rate: 500_000 } as const;
    const changed = after(amend(order, { discounts: [half] }, menus));
    expect(changed.facts.totals).toMatchObject({ discount: usd(12_00), tax: usd(1_80), total: usd(13_80) });
    expect(checkOf(changed)).toMatchObject({ version: 2, discounts: [{ name: 'Regulars', amount: usd(12_00) }] });
    // The next one replaces it.
    const without = after(amend(changed, { discounts: [] }, menus));
    expect(without.facts.totals).toEqual(order.facts.totals);
    expect(checkOf(without).version).toBe(3);
  });

  test('so that eight sit at the table adds the service charge; taking away takes it off', () => {
    const eight = after(amend(placed(), { covers: 8 }, menus));
    expect(eight.facts.totals).toMatchObject({ serviceCharge: usd(2_40), total: usd(30_00) });
    const away = after(amend(eight, { serviceType: 'take_away' }, menus));
    expect(away.facts.totals).toMatchObject({ serviceCharge: usd(0), total: usd(27_60) });
  });
});

describe('added lines', () => {
  test('are priced by what is on sale now, and those there were keep their prices and taxes', () => {
    const changed = after(add(placed(), on.beerPint, on.margheritaLarge));
    expect(linesOf(changed.facts).map(({ unitPrice, taxes }) => [unitPrice.amount, taxes[0]?.amount.amount])).toEqual([
      [12_00, 1_20],
      [6_00, 2_40],
      [7_00, 1_40],
      [12_00, 2_40],
    ]);
    expect(changed.facts.totals.total).toEqual(usd(27_60 + 8_40 + 14_40));
    expect(changed.facts.menuHash).toBe(sale.menu.hash);
    // And keep them, whatever is priced again later.
    const amended = after(amend(changed, { covers: 3 }, menus));
    expect(amended.facts.totals).toEqual(changed.facts.totals);
  });

  test('keep their own discounts when the order is priced again', () => {
    const happy = { kind: 'fixed', name: 'Voucher', amount: 2_00 } as const;
    const lines = [line(on.beerPint, { discounts: [happy] })];
    const changed = after(addLines(placed(), { lines }, { onSale: sale, menus, when, now: new Date() }));
    expect(changed.facts.totals).toMatchObject({ discount: usd(2_00), total: usd(27_60 + 4_80) });
    const amended = after(amend(changed, { covers: 3 }, menus));
    expect(amended.facts.totals).toEqual(changed.facts.totals);
  });

  test('by two waiters are all there, whoever comes first', () => {
    const order = placed();
    const totals = [
      after(add(after(add(order, on.beerPint)), on.margheritaSmall)),
      after(add(after(add(order, on.margheritaSmall)), on.beerPint)),
    ].map(({ facts }) => ({ lines: linesOf(facts).length, total: facts.totals.total.amount, version: facts.version }));
    expect(totals).toEqual([
      { lines: 4, total: 27_60 + 8_40 + 10_80, version: 3 },
      { lines: 4, total: 27_60 + 8_40 + 10_80, version: 3 },
    ]);
  });

  test('go on no other order’s check, and repeat no id', () => {
    const order = placed();
    const context = { onSale: sale, menus, when, now: new Date() };
    const lines = [line(on.beerPint)];
    expect(() => addLines(order, { checkId: order.facts.id, lines }, context)).toThrow('no such check');
    const twice = [line(on.beerPint, { id: linesOf(order.facts)[0]?.id })];
    expect(() => addLines(order, { lines: twice }, context)).toThrow(expect.objectContaining({ code: 'id_taken' }));
  });
});

describe('a voided line', () => {
  test('stays with its price, comes to nothing, and says who, why, when, and whether the kitchen had it', () => {
    const order = inState(placed(), 'fired', 'fired');
    const [pizza] = linesOf(order.facts);
    const changed = after(voidLine(order, pizza?.id ?? '', reason, menus));
    expect(linesOf(changed.facts)[0]).toMatchObject({
      status: 'voided',
      voided: {
        reason: 'Guest left',
        by: 'waiter',
        at: '2026-03-06T19:30:00.000Z',
        businessDate: '2026-03-06',
        sent: true,
      },
      quantity: 1,
      unitPrice: usd(12_00),
      gross: usd(0),
      net: usd(0),
      taxes: [],
      total: usd(0),
    });
    expect(changed.facts.totals.total).toEqual(usd(14_40));
    expect(checkOf(changed).version).toBe(2);
  });

  test('that was not sent yet says so', () => {
    const order = placed();
    const changed = after(voidLine(order, linesOf(order.facts)[0]?.id ?? '', reason, menus));
    expect(linesOf(changed.facts)[0]?.voided?.sent).toBe(false);
    expect(() => voidLine(order, order.facts.id, reason, menus)).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

describe('a cancelled order', () => {
  test('comes to nothing, and is told of as cancelled', () => {
    const change = cancel(inState(placed(), 'fired', 'fired'), reason, menus);
    const { facts } = after(change);
    expect(eventsOf(change)).toEqual([[OrderCancelled.type, 2]]);
    expect(facts).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'unpaid',
      cancelled: { reason: 'Guest left', by: 'waiter', businessDate: '2026-03-06' },
      totals: { total: usd(0) },
    });
    expect(linesOf(facts).map(({ voided }) => voided?.sent)).toEqual([true, true]);
  });

  test('leaves what was paid to be given back', () => {
    const order = after(paid(placed(), 27_60));
    const { facts } = after(cancel(order, reason, menus));
    expect(facts).toMatchObject({ paymentStatus: 'paid', totals: { total: usd(0) } });
    expect(facts.checks[0]?.paid).toEqual(usd(27_60));
  });
});

describe('an order that is paid', () => {
  test('is told of as paid when nothing is left, and as changed before', () => {
    const half = paid(placed(), 13_80);
    expect(eventsOf(half)).toEqual([[OrderChanged.type, 2]]);
    expect(after(half).facts).toMatchObject({ paymentStatus: 'partly_paid', version: 2 });
    const order = after(half);
    const rest = pay(order, checkOf(order).id, { paymentId: 'p2', version: 1, captured: 13_80 });
    expect(eventsOf(rest)).toEqual([[OrderPaid.type, 3]]);
    expect(after(rest).facts).toMatchObject({ paymentStatus: 'paid', version: 3 });
    expect(checkOf(after(rest))).toMatchObject({ paid: usd(27_60), version: 1 });
  });

  test('stays paid after a refund, and owes only what is added', () => {
    const order = after(paid(placed(), 27_60));
    const refund = pay(order, checkOf(order).id, { ...paying(27_60, 2), refund: { id: 'r1', amount: 12_00 } });
    expect(eventsOf(refund)).toEqual([[OrderChanged.type, 3]]);
    const refunded = after(refund);
    expect(refunded.facts.paymentStatus).toBe('paid');
    expect(checkOf(refunded).paid).toEqual(usd(15_60));
    const more = after(add(refunded, on.beerPint));
    expect(more.facts.paymentStatus).toBe('partly_paid');
  });

  test('is told of as changed, then as paid, when a void leaves nothing to pay', () => {
    const order = after(paid(placed(), 13_20));
    const change = voidLine(order, linesOf(order.facts)[1]?.id ?? '', reason, menus);
    expect(eventsOf(change)).toEqual([
      [OrderChanged.type, 3],
      [OrderPaid.type, 4],
    ]);
    expect(change.order.facts).toMatchObject({ version: 4, checks: [{ version: 2 }] });
  });

  test('is not told of twice when an event comes twice', () => {
    const order = after(paid(placed(), 27_60));
    expect(paid(order, 27_60)).toBeUndefined();
  });
});
