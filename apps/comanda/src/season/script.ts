import type { ServiceType } from '@comanda/client';
import type { DateTime } from 'luxon';
import { something, thing, wayOf } from './appetite.js';
import { type Asked, type Billed, billOf, type Clock, type Reduction, type Table, unitsBack } from './bill.js';
import { COIN } from './bistro.js';
import type { Dice } from './dice.js';
import type { Ordering, Paying } from './script-options.js';
import type { Back, Person, Splitting, Step, StepOf, Tender } from './visit.js';
import { handOut, inCoins, sum, whole } from './whole-numbers.js';

/** Writes down what happens on a visit, and what each step comes to. */
export class Script {
  readonly steps: Step[] = [];
  #asked: Asked[] = [];
  readonly #voided = new Set<number>();
  #table: Omit<Table, 'asked'> = { served: 'dine_in', covers: null, reductions: [], gift: null };
  /** By the thing asked for: how many of it went back. */
  readonly #back = new Map<number, number>();
  /** By check: what is still to be paid. */
  #due: number[] = [0];
  readonly #paid = new Map<string, Paid>();

  constructor(
    readonly dice: Dice,
    /** At the restaurant's clock. */
    private readonly start: DateTime,
  ) {}

  /** The guests order. */
  order({
    served,
    covers,
    plain = false,
    also = [],
    gift = null,
    offer,
    reductions = [],
    by,
    approver,
    anonymous = false,
  }: Ordering = {}): this {
    const way = served ?? wayOf(this.dice);
    const guests = way === 'dine_in' ? (covers ?? this.dice.between(1, 6)) : null;
    this.#table = { served: way, covers: guests, reductions, gift };
    const at = this.#clock(0);
    const things = this.dice.between(1, Math.min(4, 1 + (guests ?? 2)));
    this.#asked = Array.from({ length: things }, () => something(this.dice, at, plain));
    for (const [variation, quantity, taken = []] of also)
      this.#asked.push({ ...thing(this.dice, variation, quantity, at), reductions: taken });
    const table = { ...this.#table, asked: [...this.#asked] };
    this.steps.push({
      do: 'order',
      table,
      offer: offer ?? null,
      by: by ?? null,
      approver: approver ?? null,
      anonymous,
      bill: this.#billed(),
    });
    return this;
  }

  /** Somebody sees who it is. */
  recognize(): this {
    this.steps.push({ do: 'recognize' });
    return this;
  }

  /** The last thing ordered, a combo, is broken into what is in it. */
  breakCombo(): this {
    const asked = this.#asked.length - 1;
    this.#asked = this.#asked.map((line, at) => (at === asked ? { ...line, broken: true } : line));
    this.steps.push({ do: 'break', asked, bill: this.#billed() });
    return this;
  }

  /** They order more. */
  add(variation: string, after: number): this {
    const asked = [thing(this.dice, variation, this.dice.between(1, 2), this.#clock(after))];
    this.#asked.push(...asked);
    this.steps.push({ do: 'add', asked, after, bill: this.#billed() });
    return this;
  }

  /** They order more when the order is split evenly: those who have not paid share it. */
  addToSplit(variation: string, after: number): this {
    const paid = this.#due.map((due) => due === 0);
    this.steps.push({ do: 'hear', paid: this.#settled() });
    this.add(variation, after);
    const shares = handOut(
      this.due(),
      paid.map((isPaid) => (isPaid ? 0 : 1)),
    );
    this.#due = shares;
    return this;
  }

  fire(): this {
    this.steps.push({ do: 'fire' });
    return this;
  }

  complete(): this {
    this.steps.push({ do: 'complete' });
    return this;
  }

  /** The first thing of the order is voided. */
  void(reason: string, after: number, approver?: Person): this {
    if (this.#settled() > 0) this.steps.push({ do: 'hear', paid: this.#settled() });
    const value = billOf({ ...this.#table, asked: [this.#first()] }).gross;
    this.#voided.add(0);
    this.steps.push({ do: 'void', asked: 0, value, reason, after, approver: approver ?? null, bill: this.#billed() });
    return this;
  }

  /** Something is taken off the first thing of the order. */
  reduce(reduction: Reduction, by: Person, approver?: Person): this {
    const line = this.#first();
    this.#asked[0] = { ...line, reductions: [...line.reductions, reduction] };
    this.steps.push({ do: 'reduce', asked: 0, reduction, by, approver: approver ?? null, bill: this.#billed() });
    return this;
  }

  /** They take it with them, or sit down after all. */
  serve(as: ServiceType): this {
    if (this.#settled() > 0) this.steps.push({ do: 'hear', paid: this.#settled() });
    this.#table = { ...this.#table, served: as };
    this.steps.push({ do: 'serve', as, bill: this.#billed() });
    return this;
  }

  split(how: Splitting): this {
    const bill = this.bill;
    const into = this.#shares(how, bill);
    this.#due = [...into];
    this.steps.push({ do: 'split', how, into });
    return this;
  }

  cancel(reason: string, after: number, approver?: Person): this {
    const value = this.bill.gross;
    this.#asked.forEach((_, at) => this.#voided.add(at));
    this.steps.push({ do: 'cancel', value, reason, approver: approver ?? null, after, bill: this.#billed() });
    return this;
  }

  /** Pays a check, or part of it; nothing where nothing is due. */
  pay(
    payment: string,
    tender: Tender,
    { check = 0, amount, tip = 0, ends = 'captured', after = 60 }: Paying = {},
  ): this {
    const part = Math.min(amount ?? Infinity, this.#due[check] ?? 0);
    if (part <= 0) return this;
    const rounding = tender.method === 'cash' ? inCoins(part, COIN) - part : 0;
    // There are no coins for so little.
    if (part + rounding <= 0) return this;
    const paid = { amount: part, rounding, tip: whole(part * tip, 100), tender, load: null };
    if (ends !== 'declined') {
      this.#due[check] = (this.#due[check] ?? 0) - part;
      this.#paid.set(payment, paid);
    }
    this.steps.push({ do: 'pay', payment, check, ...paid, ends, after });
    return this;
  }

  /** Collects what was authorised, or a part of it, with a tip that was written on the slip. */
  capture(payment: string, tip: number, of = 1): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    const amount = whole(paid.amount, of);
    const slip = whole(amount * tip, 100);
    this.#due[0] = (this.#due[0] ?? 0) + paid.amount - amount;
    this.#paid.set(payment, { ...paid, amount, tip: slip });
    this.steps.push({ do: 'capture', payment, amount, tip: slip });
    return this;
  }

  /** A tip that is brought when all was paid: a payment of nothing else. */
  tipLater(payment: string, tender: Tender, tip: number): this {
    const paid = { amount: 0, rounding: 0, tip, tender, load: null };
    this.#paid.set(payment, paid);
    this.steps.push({ do: 'pay', payment, check: 0, ...paid, ends: 'captured', after: 75 });
    return this;
  }

  /** Lets an authorisation go: it is to be paid otherwise. */
  letGo(payment: string): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    this.#due[0] = (this.#due[0] ?? 0) + paid.amount;
    this.#paid.delete(payment);
    this.steps.push({ do: 'let_go', payment });
    return this;
  }

  /** Everything that was paid so goes back, in part or whole: of the bill, its coins, and the tip. */
  refund(
    payment: string,
    reason: string,
    { of = 1, tip = true, after = 120 }: { of?: number; tip?: boolean; after?: number } = {},
  ): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    const amount = whole(paid.amount, of);
    const all = of === 1;
    const back = { amount, rounding: all ? paid.rounding : 0, tip: tip && all ? paid.tip : 0 };
    return this.#refund(payment, back, { reason, after });
  }

  /** The total fell below what was paid: the difference goes back, as far as this payment can bear it. */
  refundDue(payment: string, reason: string): this {
    const paid = this.#paid.get(payment);
    const amount = Math.min(paid?.amount ?? 0, this.#settled() - this.bill.total);
    if (!paid || amount <= 0) return this;
    const rounding = amount === paid.amount ? paid.rounding : 0;
    return this.#refund(payment, { amount, rounding, tip: 0 }, { reason, after: 120, isDue: true });
  }

  /** Only the tip goes back. */
  refundTip(payment: string, reason: string): this {
    const tip = this.#paid.get(payment)?.tip ?? 0;
    return tip === 0 ? this : this.#refund(payment, { amount: 0, rounding: 0, tip }, { reason, after: 90 });
  }

  /** Things go back after they were paid, and the money with them: as far as each payment can bear it. */
  giveBack(back: readonly Back[], reason: string, payments: readonly string[], fails: readonly string[] = []): this {
    const after = 90;
    let left = this.#worth(back);
    const name = `return ${this.steps.length}`;
    for (const { asked, units } of back) this.#back.set(asked, (this.#back.get(asked) ?? 0) + units);
    this.steps.push({ do: 'return', name, back, reason, comesTo: left, after });
    for (const payment of payments) {
      const paid = this.#paid.get(payment);
      if (!paid || left === 0) continue;
      const amount = Math.min(left, paid.amount);
      const rounding = amount === paid.amount ? paid.rounding : 0;
      if (!fails.includes(payment)) left -= amount;
      const given = { reason, after, answers: name, fails: fails.includes(payment) };
      this.#refund(payment, { amount, rounding, tip: 0 }, given);
    }
    return this;
  }

  /** All that was paid for goes back, what has not gone back before. */
  giveAllBack(reason: string, payments: readonly string[]): this {
    const back = this.#asked.map(({ quantity, components }, asked) => ({
      asked,
      units: quantity - (this.#back.get(asked) ?? 0),
      isCombo: components.length > 0,
    }));
    return this.giveBack(
      back.filter(({ units }) => units > 0),
      reason,
      payments,
    );
  }

  /** Opens a gift card or a house account. */
  open(account: string, kind: 'gift_card' | 'house_account'): this {
    this.steps.push({ do: 'open', account, kind });
    return this;
  }

  /** Puts money on it. */
  load(payment: string, account: string, amount: number, tender: Tender): this {
    const rounding = tender.method === 'cash' ? inCoins(amount, COIN) - amount : 0;
    this.#paid.set(payment, { amount, rounding, tip: 0, tender, load: account });
    this.steps.push({ do: 'load', payment, account, tender, amount, rounding, after: 65 });
    return this;
  }

  /** What the order comes to now. */
  get bill(): Billed {
    return billOf({
      ...this.#table,
      asked: this.#asked.map((line, at) => (this.#voided.has(at) ? noneOf(line) : line)),
    });
  }

  /** What is due of a check now. */
  due(check = 0): number {
    return this.#due[check] ?? 0;
  }

  get asked(): readonly Asked[] {
    return this.#asked;
  }

  #refund(
    payment: string,
    back: Pick<Paid, 'amount' | 'rounding' | 'tip'>,
    { reason, after, answers = null, isDue = false, fails = false }: Refunding,
  ): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    const { tender, load } = paid;
    if (!fails)
      this.#paid.set(payment, {
        ...paid,
        amount: paid.amount - back.amount,
        rounding: paid.rounding - back.rounding,
        tip: paid.tip - back.tip,
      });
    const what = { payment, method: tender.method, answers, ...back, reason, isDue, fails, ofLoad: load, after };
    this.steps.push({ do: 'refund', ...what });
    return this;
  }

  #billed(): Billed {
    const { bill } = this;
    this.#due = [bill.total - this.#settled()];
    return bill;
  }

  #settled(): number {
    return sum([...this.#paid.values()], ({ amount, load }) => (load === null ? amount : 0));
  }

  #shares(how: Splitting, { total, lines }: Billed): number[] {
    switch (how.by) {
      case 'evenly':
        return handOut(
          total,
          Array.from({ length: how.ways }, () => 1),
        );
      case 'amounts':
        return [...how.amounts, total - sum(how.amounts, (amount) => amount)];
      case 'items':
        return how.checks.map((asked) => sum(lines, (line) => (asked.includes(line.of) ? line.net + line.tax : 0)));
    }
  }

  /** What the units that go back are worth: of each line the first that are left, and of a whole order all of it. */
  #worth(back: readonly Back[]): number {
    const { lines, total, serviceCharge } = this.bill;
    const worth = (units: (asked: number) => number): number => sum(lines, (line) => unitsBack(line, units(line.of)));
    const before = (asked: number): number => this.#back.get(asked) ?? 0;
    const after = (asked: number): number =>
      before(asked) + sum(back, (each) => (each.asked === asked ? each.units : 0));
    if (serviceCharge > 0 && this.#asked.every(({ quantity }, asked) => after(asked) === quantity)) return total;
    return worth(after) - worth(before);
  }

  #first(): Asked {
    const [first] = this.#asked;
    if (!first) throw new Error('Nothing was ordered.');
    return first;
  }

  #clock(after: number): Clock {
    const { weekday, hour, minute } = this.start.plus({ minutes: after });
    return { weekday, minute: hour * 60 + minute };
  }
}

/** A payment as far as it was not given back; `load` is the account that it was put on. */
interface Paid {
  readonly amount: number;
  readonly rounding: number;
  readonly tip: number;
  readonly tender: Tender;
  readonly load: string | null;
}

type Refunding = Pick<StepOf<'refund'>, 'reason' | 'after'> &
  Partial<Pick<StepOf<'refund'>, 'answers' | 'isDue' | 'fails'>>;

/** A thing that was voided: nothing of it is left, and those after it keep their places. */
const noneOf = (line: Asked): Asked => ({ ...line, quantity: 0 });
