import { type Answer, ApiProblem, type Bill, type NewPayment, type Payment, type ReturnClaim } from '@comanda/client';
import type { Accounts } from './accounts.js';
import type { StepOf, Tender } from './visit.js';
import { cents } from './visit-names.js';
import { expectEqual, Otherwise, type VisitRequests } from './visit-requests.js';
import { soon } from './waiting.js';

/** Takes the money of a visit and gives it back, through the API, and holds each answer against the plan. */
export class Cashier {
  /** Ids by the name that the plan calls a payment. */
  readonly #payments = new Map<string, string>();

  constructor(
    private readonly requests: VisitRequests,
    private readonly accounts: Accounts,
  ) {}

  /** Takes a payment towards a bill. */
  async pay(step: StepOf<'pay'>, bill: Bill): Promise<void> {
    const { tender, amount, tip } = step;
    const towards = {
      bill,
      amount: cents(amount),
      ...(tip > 0 && { tip: cents(tip) }),
      ...this.requests.names.when(step),
    };
    if (step.ends === 'declined') return this.#declined(step, towards);
    await this.#take(
      step,
      (id) => this.#spentBefore(tender, id),
      async () => towards,
    );
  }

  /** Puts money on a gift card or a house account. */
  async load(step: StepOf<'load'>): Promise<void> {
    const { payment, account, amount } = step;
    const first = this.requests.names.id('payment', payment, 0);
    await this.#take(
      { ...step, tip: 0, ends: 'captured' },
      (id) => this.accounts.paymentOf(id),
      async () => ({ bill: await this.accounts.bill(account, first, amount), ...this.requests.names.when(step) }),
    );
  }

  /** Writes the tip of the slip, and collects what was authorised with it. */
  async capture({ payment, amount, tip }: StepOf<'capture'>): Promise<void> {
    const { api, names } = this.requests;
    const path = this.#pathOf(payment);
    await this.requests.once(`tip ${payment}`, (key) =>
      api.POST('/v1/payments/{paymentId}/tip', { key, path, body: { tip: cents(tip) } }),
    );
    const body = { amount: cents(amount), occurredAt: names.time(70) };
    const captured = await this.#insist('captured', (tries) =>
      this.requests.once(`capture ${payment} ${tries}`, (key) =>
        api.POST('/v1/payments/{paymentId}/capture', { key, path, body }),
      ),
    );
    expectPaid(captured, { amount, rounding: 0, tip, ends: 'captured' });
  }

  async letGo({ payment }: StepOf<'let_go'>): Promise<void> {
    const path = this.#pathOf(payment);
    const gone = await this.#insist('voided', (tries) =>
      this.requests.once(`void ${payment} ${tries}`, (key) =>
        this.requests.api.POST('/v1/payments/{paymentId}/void', { key, path }),
      ),
    );
    expectEqual('the payment', statusOf(gone), 'voided');
  }

  /** @param claim of the return that the refund answers */
  async refund(
    { payment, amount, rounding, tip, reason, fails, ...step }: StepOf<'refund'>,
    at: number,
    claim: ReturnClaim | undefined,
  ): Promise<void> {
    const { api, names } = this.requests;
    const given = { ...(amount > 0 && { amount: cents(amount) }), ...(tip > 0 && { tip: cents(tip) }) };
    const body = { id: names.id('refund', at), ...(claim ? { claim } : given), reason, ...names.when(step) };
    const asked = this.requests.once(`step ${at}`, (key) =>
      api.POST('/v1/payments/{paymentId}/refunds', { key, path: this.#pathOf(payment), body }),
    );
    if (fails) return expectDeclined(asked);
    const { data: refund } = await asked;
    expectEqual('the refund', refund.status, 'succeeded');
    expectEqual('what it gives back', refund.returned.amount, amount + rounding + tip);
  }

  async #declined({ payment, tender, amount }: StepOf<'pay'>, towards: Towards): Promise<void> {
    const id = this.requests.names.id('payment', payment, 0);
    const body = this.#tendered(tender, amount, { id, ...towards });
    await expectDeclined(this.#post(`payment ${payment}`, body));
  }

  /** Takes a payment unless an earlier run did; once more, as another payment, where the provider did not hear of it. */
  async #take(
    { payment, tender, ...planned }: Planned & Pick<StepOf<'pay'>, 'payment' | 'tender'>,
    before: (id: string) => Promise<Payment | undefined>,
    towards: () => Promise<Towards>,
  ): Promise<void> {
    const collected = planned.amount + planned.rounding + planned.tip;
    const paid = await this.#insist(planned.ends, async (tries) => {
      const id = this.requests.names.id('payment', payment, tries);
      this.#payments.set(payment, id);
      const known = await before(id);
      if (known) return { data: known };
      const body = this.#tendered(tender, collected, { id, ...(await towards()) });
      return this.#post(`payment ${payment} ${tries}`, body);
    });
    expectPaid(paid, planned);
  }

  #post(name: string, body: NewPayment): Promise<Answer<Payment>> {
    return this.requests.once(name, (key) => this.requests.api.POST('/v1/payments', { key, body }));
  }

  /**
   * Asks until it ends so, three times at most: on a machine that has too much to do the provider may not hear of a call,
   * which is then as if it had not been made.
   */
  async #insist(ends: Payment['status'], ask: (tries: number) => Promise<{ data: Payment }>): Promise<Payment> {
    for (let tries = 0; ; tries++) {
      const ended = await this.#ended((await ask(tries)).data);
      if (ended.status === ends || tries === 2) return ended;
    }
  }

  /** A payment once its provider has said how it ended. */
  async #ended(payment: Payment): Promise<Payment> {
    let seen = payment;
    const path = { paymentId: payment.id };
    await soon(async () => {
      if (seen.status !== 'pending' && seen.status !== 'unknown') return true;
      seen = (await this.requests.api.GET('/v1/payments/{paymentId}', { path })).data;
      return false;
    });
    return seen;
  }

  /** A gift card of an earlier run, whose number nobody knows any more, was spent then. */
  async #spentBefore(tender: Tender, id: string): Promise<Payment | undefined> {
    if (tender.method !== 'gift_card' || this.accounts.numberOf(tender.account) !== undefined) return undefined;
    return this.accounts.paymentOf(id);
  }

  /** A payment of what is collected, as the guest pays it. */
  #tendered(tender: Tender, collected: number, payment: Towards): NewPayment {
    switch (tender.method) {
      case 'cash':
        return { ...payment, method: 'cash', tendered: cents(nextNote(collected)) };
      case 'card':
        return { ...payment, ...tender };
      case 'wallet':
        return { ...payment, method: 'wallet', barcode: 'wallet_alipay' };
      case 'gift_card':
        return { ...payment, method: 'gift_card', number: this.#numberOf(tender.account) };
      case 'house_account':
        return { ...payment, method: 'house_account', accountId: this.accounts.idOf(tender.account) };
    }
  }

  #numberOf(account: string): string {
    const number = this.accounts.numberOf(account);
    if (number === undefined)
      throw new Otherwise('the number of the gift card was shown to a run that ended before it was spent');
    return number;
  }

  #pathOf(payment: string): { paymentId: string } {
    const paymentId = this.#payments.get(payment);
    if (paymentId === undefined) throw new Error(`The payment ${payment} was not made yet.`);
    return { paymentId };
  }
}

/** What is said of a payment, however it is made. */
type Towards = Pick<NewPayment, 'id' | 'bill' | 'amount' | 'tip' | 'occurredAt'>;
type Planned = Pick<StepOf<'pay'>, 'amount' | 'rounding' | 'tip' | 'ends'>;

async function expectDeclined(asking: Promise<Answer<{ readonly status: string }>>): Promise<void> {
  try {
    const { data } = await asking;
    throw new Otherwise(`it is ${data.status} and not declined`);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'payment_declined') throw error;
  }
}

function expectPaid(paid: Payment, { amount, rounding, tip, ends }: Planned): void {
  expectEqual('the payment', statusOf(paid), ends);
  expectEqual('what it settles', paid.amount.amount, amount);
  expectEqual('its rounding', paid.rounding.amount, rounding);
  expectEqual('its tip', paid.tip.amount, tip);
}

const statusOf = ({ status, declineCode }: Payment): string =>
  declineCode === null ? status : `${status} (${declineCode})`;

/** What a guest puts on the table: the amount, in notes of five. */
const nextNote = (amount: number): number => amount + ((5_00 - (amount % 5_00)) % 5_00);
