import type { Billed } from './bill.js';
import { OFFERS, REWARD, WELCOME_POINTS } from './bistro.js';
import type { Step, Tender, Visit } from './visit.js';
import { halfUp, sum, whole } from './whole-numbers.js';

/** What was taken in some way, and given back. */
export interface Taken {
  payments: number;
  refunds: number;
  collected: number;
  returned: number;
  tips: number;
  rounding: number;
  loaded: number;
}

/** What a season comes to by its plan, in cents: what every answer of the platform has to agree with. */
export interface Sums {
  orders: number;
  /** Of lines: one of each component of a combo. What went back is taken off, also below. */
  items: number;
  gross: number;
  discount: number;
  total: number;
  /** By the name of the discount. */
  readonly discounts: Record<string, number>;
  /** By the reason, at list price. */
  readonly voided: Record<string, number>;
  /** By the reason: what guests got back for things. */
  readonly returned: Record<string, number>;
  readonly methods: Record<Tender['method'], Taken>;
  /** Of gift cards and house accounts: what the house owes. */
  readonly accounts: Record<string, number>;
  /** What was given back though the order came to as much as before. */
  forgiven: number;
  /** Of each known guest. */
  readonly points: Map<number, number>;
}

/** Adds up what the visits of a season planned. */
export function sumsOf(visits: readonly Visit[]): Sums {
  const nothing = (): Taken => ({
    payments: 0,
    refunds: 0,
    collected: 0,
    returned: 0,
    tips: 0,
    rounding: 0,
    loaded: 0,
  });
  const sums: Sums = {
    orders: 0,
    items: 0,
    gross: 0,
    discount: 0,
    total: 0,
    discounts: {},
    voided: {},
    returned: {},
    methods: { cash: nothing(), card: nothing(), wallet: nothing(), gift_card: nothing(), house_account: nothing() },
    accounts: {},
    forgiven: 0,
    points: new Map(),
  };
  for (const visit of visits) addVisit(sums, visit);
  return sums;
}

function addVisit(sums: Sums, visit: Visit): void {
  sums.orders += 1;
  const bills = visit.steps.flatMap((step) => ('bill' in step ? [step.bill] : []));
  const final = bills.at(-1);
  if (final) addSale(sums, final, visit.steps);
  for (const step of visit.steps) addStep(sums, step, final, visit.steps);
  addMoney(sums, visit.steps);
  if (visit.guest !== null) addPoints(sums, visit.guest, visit.steps);
}

function addSale(sums: Sums, bill: Billed, steps: readonly Step[]): void {
  sums.items += sum(bill.lines, ({ quantity }) => quantity);
  sums.gross += bill.gross;
  sums.discount += sum(Object.values(bill.discounts), (amount) => amount);
  sums.total += bill.total;
  for (const [name, amount] of Object.entries(bill.discounts)) add(sums.discounts, giftName(name, steps), amount);
}

function giftName(name: string, [first]: readonly Step[]): string {
  if (name !== 'gift' || first?.do !== 'order' || first.offer === null) return name;
  return first.offer === 'reward' ? REWARD.name : OFFERS[first.offer].name;
}

function addStep(sums: Sums, step: Step, final: Billed | undefined, steps: readonly Step[]): void {
  if (step.do === 'void') add(sums.voided, step.reason, step.value);
  if (step.do === 'cancel') add(sums.voided, step.reason, step.value);
  if (step.do !== 'return') return;
  add(sums.returned, step.reason, step.comesTo);
  sums.total -= step.comesTo;
  for (const { asked, units } of step.back) {
    for (const line of final?.lines.filter(({ of }) => of === asked) ?? []) {
      sums.items -= units;
      sums.gross -= (line.gross / line.quantity) * units;
      const [name] = Object.keys(final?.discounts ?? {});
      if (name === undefined) continue;
      const { discount, quantity } = line;
      const before = already(steps, step, asked);
      const back = halfUp(discount * (before + units), quantity) - halfUp(discount * before, quantity);
      sums.discount -= back;
      add(sums.discounts, name, -back);
    }
  }
}

/** How many of a thing went back before a return. */
const already = (steps: readonly Step[], until: Step, asked: number): number =>
  sum(steps.slice(0, steps.indexOf(until)), (step) =>
    step.do === 'return' ? sum(step.back, (back) => (back.asked === asked ? back.units : 0)) : 0,
  );

/** Payments as they ended: what was authorised is collected by its capture, with the tip of then. */
function addMoney(sums: Sums, steps: readonly Step[]): void {
  const slips = new Map(steps.flatMap((step) => (step.do === 'capture' ? [[step.payment, step] as const] : [])));
  const released = new Set(steps.flatMap((step) => (step.do === 'let_go' ? [step.payment] : [])));
  for (const step of steps) {
    if (step.do === 'pay' && step.ends !== 'declined' && !released.has(step.payment)) {
      const { rounding, tender } = step;
      const { amount, tip } = slips.get(step.payment) ?? step;
      const taken = sums.methods[tender.method];
      taken.payments += 1;
      taken.collected += amount + rounding + tip;
      taken.tips += tip;
      taken.rounding += rounding;
      if ('account' in tender) add(sums.accounts, tender.account, -(amount + tip));
    }
    if (step.do === 'load') {
      const taken = sums.methods[step.tender.method];
      taken.payments += 1;
      taken.collected += step.amount + step.rounding;
      taken.rounding += step.rounding;
      taken.loaded += step.amount;
      add(sums.accounts, step.account, step.amount);
    }
    if (step.do === 'refund' && !step.fails) {
      const { amount, rounding, tip, ofLoad } = step;
      const taken = sums.methods[step.method];
      taken.refunds += 1;
      taken.returned += amount + rounding + tip;
      taken.tips -= tip;
      taken.rounding -= rounding;
      if (ofLoad !== null) {
        taken.loaded -= amount;
        add(sums.accounts, ofLoad, -amount);
      } else if (step.answers === null && !step.isDue) sums.forgiven += amount;
      const paid = steps.find((each) => each.do === 'pay' && each.payment === step.payment);
      if (paid?.do === 'pay' && 'account' in paid.tender) add(sums.accounts, paid.tender.account, amount + tip);
    }
  }
}

/**
 * A point for each whole dollar that an order is paid with; what goes back takes its share of them, and gives back its
 * share of those that a reward cost. An order that is cancelled gives back all of these.
 */
function addPoints({ points }: Sums, guest: number, steps: readonly Step[]): void {
  const paid = firstPaid(steps);
  const earned = whole(paid, 100);
  const back = sum(steps, (step) => (step.do === 'refund' && !step.fails && step.ofLoad === null ? step.amount : 0));
  const cost = steps.some((step) => step.do === 'order' && step.offer === 'reward') ? REWARD.points : 0;
  const isCancelled = steps.some((step) => step.do === 'cancel');
  const spent = isCancelled ? 0 : cost - shareOf(cost, back, paid);
  points.set(guest, (points.get(guest) ?? WELCOME_POINTS) + earned - shareOf(earned, back, paid) - spent);
}

/** What had been paid of an order when nothing was left to pay of it for the first time. */
function firstPaid(steps: readonly Step[]): number {
  let [total, paid] = [0, 0];
  for (const step of steps) {
    if ('bill' in step) total = step.bill.total;
    if (step.do === 'pay' && step.ends === 'captured') paid += step.amount;
    if (step.do === 'capture') paid += step.amount;
    if (total > 0 && paid >= total) return paid;
  }
  return 0;
}

/** So many points, in the proportion of what went back of what was paid: all of them where all of it did. */
function shareOf(points: number, back: number, paid: number): number {
  if (back <= 0 || paid <= 0) return 0;
  if (back >= paid) return points;
  return halfUp(points * back, paid);
}

function add(sums: Record<string, number>, name: string, amount: number): void {
  sums[name] = (sums[name] ?? 0) + amount;
}
