import type { Grant, GrantStatus, Order, OrderLine, Return } from '@comanda/contracts';
import { type ApiClient, ApiProblem } from '../cli/api-client.js';
import type { Accounts } from './accounts.js';
import { Cashier } from './cashier.js';
import type { Restaurant } from './open-restaurant.js';
import type { Trouble } from './play.js';
import type { Step, StepOf, Visit } from './visit.js';
import { cents, VisitNames } from './visit-names.js';
import { expectEqual, Otherwise, soon, VisitRequests } from './visit-requests.js';

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
    private readonly api: ApiClient,
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
        return this.#change(`combos/${this.#names.id('line', step.asked)}/break`, at, undefined, step.bill.total);
      case 'add':
        return this.#change(
          'lines',
          at,
          { ...this.#names.when(step), lines: this.#names.linesAdded(step.asked) },
          step.bill.total,
        );
      case 'fire':
        return this.#change('fire', at, {});
      case 'complete':
        return this.#change('complete', at);
      case 'void':
        return this.#voids(step, at);
      case 'reduce':
        return this.#reduce(step, at);
      case 'serve':
        return this.#serve(step);
      case 'split':
        return this.#split(step, at);
      case 'cancel':
        return this.#change(
          'cancel',
          at,
          { reason: step.reason, ...this.#names.when(step), ...this.#names.people(null, step.approver) },
          step.bill.total,
        );
      case 'pay':
        return this.#cashier.pay(step, this.#placed().checks[step.check]?.bill);
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
    const id = this.#names.id('order');
    const discounts = [...table.reductions, ...(offer ? [{ kind: 'grant', grant: await this.#grant(offer, id) }] : [])];
    const { body, replayed } = await this.#requests.post<Order>('/v1/orders', 'order', {
      id,
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
      discounts,
      expectedTotal: cents(bill.total),
      ...this.#names.people(by, approver),
    });
    this.#order = body;
    this.#isNew = !replayed;
  }

  /** What a coupon or reward gives; one that the order has from an earlier run is read again. */
  async #grant(offer: NonNullable<StepOf<'order'>['offer']>, orderId: string): Promise<Grant> {
    const known = await this.#grantOf(orderId);
    if (known) return known;
    const { ids, codeOf } = this.restaurant;
    const customerId = this.#guestId();
    const isReward = offer === 'reward';
    const path = isReward ? `/v1/loyalty/rewards/${ids('reward')}/reservations` : '/v1/loyalty/coupons/claims';
    const body = { orderId, customerId, expiresInMinutes: 60, ...(!isReward && { code: codeOf(offer) }) };
    return (await this.#requests.post<Grant>(path, 'grant', body)).body;
  }

  async #grantOf(orderId: string): Promise<Grant | undefined> {
    try {
      const { body } = await this.api.get<Order>(`/v1/orders/${orderId}`);
      const granted = body.checks[0]?.discounts.find(({ source }) => source !== undefined);
      return granted && (await this.api.get<GrantStatus>(`/v1/loyalty/grants/${granted.id}`)).body.grant;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Does something to the order that answers with it. */
  async #change(verb: string, at: number, body?: object, comesTo?: number): Promise<void> {
    const { body: order } = await this.#requests.post<Order>(
      `/v1/orders/${this.#names.id('order')}/${verb}`,
      `step ${at}`,
      body,
    );
    this.#order = order;
    if (comesTo !== undefined) expectEqual('the order', order.totals.total.amount, comesTo);
  }

  #voids({ asked, reason, approver, bill, ...step }: StepOf<'void'>, at: number): Promise<void> {
    const body = { reason, ...this.#names.when(step), ...this.#names.people(null, approver) };
    return this.#change(`lines/${this.#lineId(asked)}/void`, at, body, bill.total);
  }

  #reduce({ asked, reduction, by, approver, bill }: StepOf<'reduce'>, at: number): Promise<void> {
    const body = { discount: reduction, ...this.#names.people(by, approver) };
    return this.#change(`lines/${this.#lineId(asked)}/discounts`, at, body, bill.total);
  }

  async #serve({ as, bill }: StepOf<'serve'>): Promise<void> {
    const path = `/v1/orders/${this.#names.id('order')}`;
    const { body: before } = await this.api.get<Order>(path);
    const body = { serviceType: as, version: before.version };
    this.#order = before.serviceType === as ? before : (await this.api.patch<Order>(path, { body })).body;
    expectEqual('the order', this.#order.totals.total.amount, bill.total);
  }

  async #hear({ paid }: StepOf<'hear'>): Promise<void> {
    // What was played before was heard of then.
    if (!this.#isNew) return;
    await soon(async () => {
      const { body } = await this.api.get<Order>(`/v1/orders/${this.#names.id('order')}`);
      return body.checks.reduce((sum, check) => sum + check.paid.amount, 0) >= paid;
    });
  }

  async #recognize(): Promise<void> {
    const path = `/v1/orders/${this.#names.id('order')}`;
    const customerId = this.#guestId();
    const { body: before } = await this.api.get<Order>(path);
    const body = { customerId, version: before.version };
    this.#order = before.customerId === customerId ? before : (await this.api.patch<Order>(path, { body })).body;
  }

  async #split({ how, into }: StepOf<'split'>, at: number): Promise<void> {
    const { version } = this.#placed();
    const body =
      how.by === 'items'
        ? {
            by: how.by,
            checks: how.checks.map((asked) => ({ lines: asked.flatMap((each) => partsOf(this.#linesWith(each))) })),
          }
        : how;
    await this.#change('split', at, { ...body, version });
    into.forEach((share, check) => {
      expectEqual(`check ${check}`, this.#placed().checks[check]?.totals.total.amount, share);
    });
  }

  // ── What goes back ──

  async #takeBack({ name, back, reason, comesTo, ...step }: StepOf<'return'>, at: number): Promise<void> {
    const path = `/v1/orders/${this.#names.id('order')}`;
    // Orders hears of a payment a moment after it was taken.
    await soon(async () => (await this.api.get<Order>(path)).body.paymentStatus === 'paid');
    const { body } = await this.#requests.post<Return>(`${path}/returns`, `step ${at}`, {
      id: this.#names.id('return', at),
      lines: back.filter(({ isCombo }) => !isCombo).flatMap((each) => unitsOf(this.#linesWith(each.asked), each.units)),
      combos: back
        .filter(({ isCombo }) => isCombo)
        .map(({ asked, units }) => ({ comboId: this.#names.id('line', asked), quantity: units })),
      reason,
      ...this.#names.when(step),
    });
    this.#returns.set(name, body);
    expectEqual('what goes back', body.total.amount, comesTo);
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

  #placed(): Order {
    if (!this.#order) throw new Error('A visit begins with its order.');
    return this.#order;
  }
}

/** What is done to an order that is still open. */
const CHANGES: ReadonlySet<string> = new Set([
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
