import type { DateTime } from 'luxon';
import {
  type Asked,
  type Billed,
  billOf,
  type Choice,
  type Clock,
  inCoins,
  handOut,
  type Reduction,
  type Table,
  unitsBack,
} from './bill.js';
import { COIN, GROUPS, type OFFERS, type Served, VARIATIONS } from './bistro.js';
import type { Dice } from './dice.js';
import { type Back, type Person, type Splitting, type Step, type Tender } from './visit.js';

interface Ordering {
  readonly served?: Served;
  readonly covers?: number;
  /** No combos: what is given for single things is worked out without them. */
  readonly plain?: boolean;
  /** Ordered beside what chance says. */
  readonly also?: readonly (readonly [variation: string, quantity: number])[];
  readonly gift?: Table['gift'];
  readonly offer?: keyof typeof OFFERS | 'reward';
  readonly reductions?: readonly Reduction[];
  readonly by?: Person;
  readonly approver?: Person;
}

interface Paying {
  readonly check?: number;
  /** All that is due, unless given. */
  readonly amount?: number;
  /** Parts per hundred of the amount. */
  readonly tip?: number;
  readonly ends?: 'captured' | 'authorized' | 'declined';
  readonly after?: number;
}

/** Writes down what happens on a visit, and what each step comes to. */
export class Script {
  readonly steps: Step[] = [];
  #asked: Asked[] = [];
  readonly #voided = new Set<number>();
  #table: Omit<Table, 'asked'> = { served: 'dine_in', covers: null, reductions: [], gift: null };
  /** By check: what is still to be paid. */
  #due: number[] = [0];
  readonly #paid = new Map<
    string,
    { amount: number; rounding: number; tip: number; tender: Tender; load: string | null }
  >();

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
  }: Ordering = {}): this {
    const way = served ?? this.#way();
    const guests = way === 'dine_in' ? (covers ?? this.dice.between(1, 6)) : null;
    this.#table = { served: way, covers: guests, reductions, gift };
    const at = this.#clock(0);
    const things = this.dice.between(1, Math.min(4, 1 + (guests ?? 2)));
    this.#asked = Array.from({ length: things }, () => this.#something(at, plain));
    for (const [variation, quantity] of also) this.#asked.push(this.#thing(variation, quantity, at));
    const table = { ...this.#table, asked: [...this.#asked] };
    this.steps.push({
      do: 'order',
      table,
      offer: offer ?? null,
      by: by ?? null,
      approver: approver ?? null,
      bill: this.#billed(),
    });
    return this;
  }

  /** They order more. */
  add(variation: string, after: number): this {
    const asked = [this.#thing(variation, this.dice.between(1, 2), this.#clock(after))];
    this.#asked.push(...asked);
    this.steps.push({ do: 'add', asked, after, bill: this.#billed() });
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
  serve(as: Served): this {
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

  cancel(reason: string, after: number): this {
    const value = this.bill.gross;
    this.#asked.forEach((_, at) => this.#voided.add(at));
    this.steps.push({ do: 'cancel', value, reason, after, bill: this.#billed() });
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
    const paid = { amount: part, rounding, tip: (part * tip - ((part * tip) % 100)) / 100, tender, load: null };
    if (ends !== 'declined') {
      this.#due[check] = (this.#due[check] ?? 0) - part;
      this.#paid.set(payment, paid);
    }
    this.steps.push({ do: 'pay', payment, check, ...paid, ends, after });
    return this;
  }

  /** Collects what was authorised, with a tip that was written on the slip. */
  capture(payment: string, tip: number): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    const slip = (paid.amount * tip - ((paid.amount * tip) % 100)) / 100;
    this.#paid.set(payment, { ...paid, tip: slip });
    this.steps.push({ do: 'capture', payment, amount: paid.amount, tip: slip });
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
    const amount = (paid.amount - (paid.amount % of)) / of;
    const all = of === 1;
    const back = { amount, rounding: all ? paid.rounding : 0, tip: tip && all ? paid.tip : 0 };
    return this.#refund(payment, back, { reason, after });
  }

  /** Only the tip goes back. */
  refundTip(payment: string, reason: string): this {
    const tip = this.#paid.get(payment)?.tip ?? 0;
    return tip === 0 ? this : this.#refund(payment, { amount: 0, rounding: 0, tip }, { reason, after: 90 });
  }

  /** Things go back after they were paid, and the money with them: as far as each payment can bear it. */
  giveBack(back: readonly Back[], reason: string, payments: readonly string[]): this {
    const after = 90;
    let left = this.#worth(back);
    const name = `return ${this.steps.length}`;
    this.steps.push({ do: 'return', name, back, reason, comesTo: left, after });
    for (const payment of payments) {
      const paid = this.#paid.get(payment);
      if (!paid || left === 0) continue;
      const amount = Math.min(left, paid.amount);
      left -= amount;
      const all = amount === paid.amount;
      this.#refund(payment, { amount, rounding: all ? paid.rounding : 0, tip: 0 }, { reason, after, answers: name });
    }
    return this;
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
      asked: this.#asked.map((line, at) => (this.#voided.has(at) ? NOTHING(line) : line)),
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
    back: { amount: number; rounding: number; tip: number },
    { reason, after, answers = null }: { reason: string; after: number; answers?: string | null },
  ): this {
    const paid = this.#paid.get(payment);
    if (!paid) return this;
    const { tender, load } = paid;
    this.#paid.set(payment, {
      ...paid,
      amount: paid.amount - back.amount,
      rounding: paid.rounding - back.rounding,
      tip: paid.tip - back.tip,
    });
    this.steps.push({ do: 'refund', payment, method: tender.method, answers, ...back, reason, ofLoad: load, after });
    return this;
  }

  #billed(): Billed {
    const { bill } = this;
    this.#due = [bill.total - this.#settled()];
    return bill;
  }

  #settled(): number {
    return [...this.#paid.values()].reduce((sum, { amount, load }) => (load === null ? sum + amount : sum), 0);
  }

  #shares(how: Splitting, { total, lines }: Billed): number[] {
    switch (how.by) {
      case 'evenly':
        return handOut(
          total,
          Array.from({ length: how.ways }, () => 1),
        );
      case 'amounts':
        return [...how.amounts, total - how.amounts.reduce((sum, amount) => sum + amount, 0)];
      case 'items':
        return how.checks.map((asked) =>
          lines.reduce((sum, line) => (asked.includes(line.of) ? sum + line.net + line.tax : sum), 0),
        );
    }
  }

  /** What the units that go back are worth: of each line the first ones. */
  #worth(back: readonly Back[]): number {
    const { lines } = this.bill;
    return back.reduce(
      (sum, { asked, units }) =>
        lines.reduce((worth, line) => (line.of === asked ? worth + unitsBack(line, units) : worth), sum),
      0,
    );
  }

  #first(): Asked {
    const [first] = this.#asked;
    if (!first) throw new Error('Nothing was ordered.');
    return first;
  }

  #way(): Served {
    const chance = this.dice.between(1, 100);
    return chance <= 65 ? 'dine_in' : chance <= 90 ? 'take_away' : 'delivery';
  }

  #clock(after: number): Clock {
    const { weekday, hour, minute } = this.start.plus({ minutes: after });
    return { weekday, minute: hour * 60 + minute };
  }

  #something(at: Clock, plain: boolean): Asked {
    if (plain || this.dice.percent(70)) return this.#thing(this.dice.of(A_LA_CARTE), this.dice.percent(25) ? 2 : 1, at);
    return this.#thing(this.dice.of(['lunch', 'evening']), this.dice.percent(30) ? 2 : 1, at);
  }

  #thing(code: string, quantity: number, at: Clock): Asked {
    const { variation } = VARIATIONS.get(code) ?? {};
    const components = (variation?.slots ?? []).map(({ code: slot, choices }) => {
      const [first = '', ...others] = Object.keys(choices);
      const chosen = this.dice.of([first, ...others]);
      return { slot, variation: chosen, choices: this.#choices(chosen) };
    });
    const choices = components.length > 0 ? [] : this.#choices(code);
    return { variation: code, quantity, choices, components, reductions: [], at };
  }

  #choices(variation: string): Choice[] {
    const groups = VARIATIONS.get(variation)?.item.groups ?? [];
    return GROUPS.filter(({ code }) => groups.includes(code)).flatMap(({ min, modifiers, asked = [] }) => {
      const [first, ...others] = modifiers;
      if (!first) return [];
      if (min > 0) return [{ modifier: this.dice.of([first, ...others]).code }];
      return modifiers
        .filter(() => this.dice.percent(60))
        .map(({ code }): Choice => {
          const [way, ...ways] = asked;
          return way && this.dice.percent(75)
            ? { modifier: code, asked: this.dice.of([way, ...ways]).code }
            : { modifier: code };
        });
    });
  }
}

/** A thing that was voided: nothing of it is left, and those after it keep their places. */
const NOTHING = (line: Asked): Asked => ({ ...line, quantity: 0 });

const A_LA_CARTE = [
  'soup',
  'salad',
  'salad_large',
  'burger',
  'burger',
  'steak',
  'mussels',
  'poutine',
  'poutine_large',
  'brulee',
  'tart',
  'coffee',
  'lemonade',
  'beer',
  'wine',
] as const;
