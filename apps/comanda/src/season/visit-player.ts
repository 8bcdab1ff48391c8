import {
  type Answer,
  ApiProblem,
  type Bill,
  type Comanda,
  type Grant,
  type Order,
  type OrderAmendment,
  type OrderDiscountInput,
  type OrderLine,
  type OrderSplit,
  type Return,
} from '@comanda/client';
import { isRecordedNow } from '../replay/recorded-now.js';
import type { Accounts } from './accounts.js';
import { Cashier } from './cashier.js';
import type { Restaurant } from './open-restaurant.js';
import type { Splitting, Step, StepOf, Visit } from './visit.js';
import { cents, VisitNames } from './visit-names.js';
import { expectEqual, Otherwise, VisitRequests } from './visit-requests.js';
import { soon } from './waiting.js';
import { sum } from './whole-numbers.js';

/** Plays one visit through the API, step by step, and holds each answer against the plan. */
export class VisitPlayer {
  #order: Order | undefined;
  #isNew = false;
  /** Returns by the name that the plan calls them. */
  readonly #returns = new Map<string, Return>();
  readonly #names: VisitNames;
  readonly #requests: VisitRequests;
  readonly #cashier: Cashier;

  constructor(
    private readonly api: Comanda,
    private readonly restaurant: Restaurant,
    private readonly accounts: Accounts,
    private readonly visit: Visit,
  ) {
    this.#names = new VisitNames(restaurant, visit);
    this.#requests = new VisitRequests(api, this.#names);
    this.#cashier = new Cashier(this.#requests, accounts);
  }

  /** Plays as far as everything is as planned. A platform that does not answer is no trouble of a visit, and thrown. */
  async play(): Promise<{ isNew: boolean; trouble?: Trouble }> {
    for (const [step, planned] of this.visit.steps.entries()) {
      try {
        await this.#play(planned, step);
      } catch (error) {
        if (!(error instanceof ApiProblem) && !(error instanceof Otherwise)) throw error;
        const why = `${planned.do}: ${error.message}`;
        return { isNew: this.#isNew, trouble: { visit: this.visit, step, why } };
      }
    }
    return { isNew: this.#isNew };
  }

  async #play(step: Step, at: number): Promise<void> {
    switch (step.do) {
      case 'order':
        return this.#place(step);
      case 'hear':
        return this.#hear(step);
      case 'recognize':
        return this.#recognize();
      case 'break':
        return this.#break(step, at);
      case 'add':
        return this.#add(step, at);
      case 'fire':
        return this.#change(at, (init) => this.api.POST('/v1/orders/{orderId}/fire', { ...init, body: {} }));
      case 'complete':
        return this.#change(at, (init) => this.api.POST('/v1/orders/{orderId}/complete', init));
      case 'void':
        return this.#voids(step, at);
      case 'reduce':
        return this.#reduce(step, at);
      case 'serve':
        return this.#serve(step);
      case 'split':
        return this.#split(step, at);
      case 'cancel':
        return this.#cancel(step, at);
      case 'pay':
        return this.#cashier.pay(step, this.#billOf(step.check));
      case 'capture':
        return this.#cashier.capture(step);
      case 'let_go':
        return this.#cashier.letGo(step);
      case 'return':
        return this.#takeBack(step, at);
      case 'refund':
        return this.#cashier.refund(step, at, this.#returns.get(step.answers ?? '')?.claim);
      case 'open':
        return this.accounts.open(step.account, step.kind);
      case 'load':
        return this.#cashier.load(step);
    }
  }

  // ── The order ──

  async #place({ table, offer, by, approver, anonymous, bill }: StepOf<'order'>): Promise<void> {
    const { number, at, channel, steps } = this.visit;
    const { location, menuHash } = this.restaurant;
    const body = {
      id: this.#names.id('order'),
      checkId: this.#names.id('check'),
      locationId: location.id,
      menuHash,
      channel,
      serviceType: table.served,
      covers: table.covers,
      customerId: anonymous ? null : this.#guestId(),
      externalId: `visit ${number}`,
      occurredAt: at.toISOString(),
      completed: !steps.some((step) => CHANGES.has(step.do)),
      lines: this.#names.lines(table.asked),
      discounts: [...table.reductions, ...(await this.#granted(offer))],
      expectedTotal: cents(bill.total),
      ...this.#names.people(by, approver),
    };
    const began = performance.now();
    const placing = await this.#requests.once('order', (key) => this.api.POST('/v1/orders', { key, body }));
    this.#order = placing.data;
    this.#isNew = isRecordedNow(placing, began);
  }

  /** What a coupon or reward gives; one that the order has from an earlier run is read again. */
  async #granted(offer: StepOf<'order'>['offer']): Promise<OrderDiscountInput[]> {
    if (offer === null) return [];
    const grant = (await this.#grantBefore()) ?? (await this.#requests.once('grant', (key) => this.#claim(offer, key)));
    return [{ kind: 'grant', grant }];
  }

  async #claim(offer: NonNullable<StepOf<'order'>['offer']>, key: string): Promise<Grant> {
    const { ids, codeOf } = this.restaurant;
    const customerId = this.#guestId();
    const claim = { orderId: this.#names.id('order'), expiresInMinutes: 60 };
    if (offer !== 'reward') {
      const body = { ...claim, customerId, code: codeOf(offer) };
      return (await this.api.POST('/v1/loyalty/coupons/claims', { key, body })).data;
    }
    if (customerId === null) throw new Error('A guest whom nobody knows has no points.');
    const path = { rewardId: ids('reward') };
    const body = { ...claim, customerId };
    return (await this.api.POST('/v1/loyalty/rewards/{rewardId}/reservations', { key, path, body })).data;
  }

  async #grantBefore(): Promise<Grant | undefined> {
    try {
      const { checks } = await this.#read();
      const granted = checks[0]?.discounts.find(({ source }) => source !== undefined);
      if (!granted) return undefined;
      const path = { grantId: granted.id };
      return (await this.api.GET('/v1/loyalty/grants/{grantId}', { path })).data.grant;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Does something to the order that answers with it. */
  async #change(at: number, ask: (init: Changing) => Promise<Answer<Order>>, comesTo?: number): Promise<void> {
    const path = this.#path();
    const { data: order } = await this.#requests.once(`step ${at}`, (key) => ask({ key, path }));
    this.#order = order;
    if (comesTo !== undefined) expectEqual('the order', order.totals.total.amount, comesTo);
  }

  #break({ asked, bill }: StepOf<'break'>, at: number): Promise<void> {
    const comboId = this.#names.id('line', asked);
    return this.#change(
      at,
      ({ key, path }) =>
        this.api.POST('/v1/orders/{orderId}/combos/{comboId}/break', { key, path: { ...path, comboId } }),
      bill.total,
    );
  }

  #add({ asked, bill, ...step }: StepOf<'add'>, at: number): Promise<void> {
    const body = { ...this.#names.when(step), lines: this.#names.linesAdded(asked) };
    return this.#change(at, (init) => this.api.POST('/v1/orders/{orderId}/lines', { ...init, body }), bill.total);
  }

  #voids({ asked, reason, approver, bill, ...step }: StepOf<'void'>, at: number): Promise<void> {
    const lineId = this.#lineId(asked);
    const body = { reason, ...this.#names.when(step), ...this.#names.people(null, approver) };
    return this.#change(
      at,
      ({ key, path }) =>
        this.api.POST('/v1/orders/{orderId}/lines/{lineId}/void', { key, path: { ...path, lineId }, body }),
      bill.total,
    );
  }

  #reduce({ asked, reduction, by, approver, bill }: StepOf<'reduce'>, at: number): Promise<void> {
    const lineId = this.#lineId(asked);
    const body = { discount: reduction, ...this.#names.people(by, approver) };
    return this.#change(
      at,
      ({ key, path }) =>
        this.api.POST('/v1/orders/{orderId}/lines/{lineId}/discounts', { key, path: { ...path, lineId }, body }),
      bill.total,
    );
  }

  #cancel({ reason, approver, bill, ...step }: StepOf<'cancel'>, at: number): Promise<void> {
    const body = { reason, ...this.#names.when(step), ...this.#names.people(null, approver) };
    return this.#change(at, (init) => this.api.POST('/v1/orders/{orderId}/cancel', { ...init, body }), bill.total);
  }

  async #serve({ as, bill }: StepOf<'serve'>): Promise<void> {
    const before = await this.#read();
    this.#order = before.serviceType === as ? before : await this.#correct(before, { serviceType: as });
    expectEqual('the order', this.#order.totals.total.amount, bill.total);
  }

  async #recognize(): Promise<void> {
    const before = await this.#read();
    const customerId = this.#guestId();
    this.#order = before.customerId === customerId ? before : await this.#correct(before, { customerId });
  }

  async #correct({ version }: Order, change: Omit<OrderAmendment, 'version'>): Promise<Order> {
    const body = { ...change, version };
    return (await this.api.PATCH('/v1/orders/{orderId}', { path: this.#path(), body })).data;
  }

  async #hear({ paid }: StepOf<'hear'>): Promise<void> {
    // What was played before was heard of then.
    if (!this.#isNew) return;
    await soon(async () => {
      const { checks } = await this.#read();
      return sum(checks, (check) => check.paid.amount) >= paid;
    });
  }

  async #split({ how, into }: StepOf<'split'>, at: number): Promise<void> {
    const body = { ...this.#splitBy(how), version: this.#placed().version };
    await this.#change(at, (init) => this.api.POST('/v1/orders/{orderId}/split', { ...init, body }));
    into.forEach((share, check) => {
      expectEqual(`check ${check}`, this.#placed().checks[check]?.totals.total.amount, share);
    });
  }

  #splitBy(how: Splitting): OrderSplit {
    switch (how.by) {
      case 'evenly':
        return how;
      case 'amounts':
        return { by: how.by, amounts: [...how.amounts] };
      case 'items':
        return {
          by: how.by,
          checks: how.checks.map((asked) => ({ lines: asked.flatMap((each) => partsOf(this.#linesWith(each))) })),
        };
    }
  }

  // ── What goes back ──

  async #takeBack({ name, back, reason, comesTo, ...step }: StepOf<'return'>, at: number): Promise<void> {
    // Orders hears of a payment a moment after it was taken.
    await soon(async () => (await this.#read()).paymentStatus === 'paid');
    const [combos, lines] = [back.filter(({ isCombo }) => isCombo), back.filter(({ isCombo }) => !isCombo)];
    const body = {
      id: this.#names.id('return', at),
      lines: lines.flatMap(({ asked, units }) => unitsOf(this.#linesWith(asked), units)),
      combos: combos.map(({ asked, units }) => ({ comboId: this.#names.id('line', asked), quantity: units })),
      reason,
      ...this.#names.when(step),
    };
    const { data } = await this.#requests.once(`step ${at}`, (key) =>
      this.api.POST('/v1/orders/{orderId}/returns', { key, path: this.#path(), body }),
    );
    this.#returns.set(name, data);
    expectEqual('what goes back', data.total.amount, comesTo);
  }

  /** The line that something asked for became; of a combo the line of its first component. */
  #lineId(asked: number): string {
    return this.#linesWith(asked)[0]?.id ?? this.#names.id('line', asked);
  }

  #linesWith(asked: number): OrderLine[] {
    const id = this.#names.id('line', asked);
    const lines = this.#placed().checks.flatMap((check) => check.lines);
    return lines.filter((line) => line.id === id || line.combo?.id === id);
  }

  #guestId(): string | null {
    const { guest } = this.visit;
    return guest === null ? null : this.restaurant.ids('guest', guest);
  }

  #path(): Changing['path'] {
    return { orderId: this.#names.id('order') };
  }

  /** The order as it is now. */
  async #read(): Promise<Order> {
    return (await this.api.GET('/v1/orders/{orderId}', { path: this.#path() })).data;
  }

  #billOf(check: number): Bill {
    const bill = this.#placed().checks[check]?.bill;
    if (!bill) throw new Otherwise(`there is no check ${check}`);
    return bill;
  }

  #placed(): Order {
    if (!this.#order) throw new Error('A visit begins with its order.');
    return this.#order;
  }
}

/** A step that did not end as planned: the rest of its visit was not played. */
export interface Trouble {
  readonly visit: Visit;
  /** From 0. */
  readonly step: number;
  readonly why: string;
}

/** What every request that changes the order says. */
interface Changing {
  readonly key: string;
  readonly path: { readonly orderId: string };
}

/** What is done to an order that is still open. */
const CHANGES: ReadonlySet<Step['do']> = new Set<Step['do']>([
  'add',
  'recognize',
  'break',
  'fire',
  'complete',
  'void',
  'reduce',
  'serve',
  'cancel',
]);

const partsOf = (lines: readonly OrderLine[]) => lines.map(({ id, quantity }) => ({ lineId: id, parts: quantity }));
const unitsOf = (lines: readonly OrderLine[], units: number) =>
  lines.map(({ id }) => ({ lineId: id, quantity: units }));
