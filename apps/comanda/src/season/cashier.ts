import type { Bill, Payment, Refund, Return } from '@comanda/contracts';
import { ApiProblem } from '../cli/api-client.js';
import type { Accounts } from './accounts.js';
import type { StepOf, Tender } from './visit.js';
import { cents } from './visit-names.js';
import { expectEqual, Otherwise, soon, type VisitRequests } from './visit-requests.js';

type Planned = Pick<StepOf<'pay'>, 'amount' | 'rounding' | 'tip' | 'ends'>;

/** Takes the money of a visit and gives it back, through the API, and holds each answer against the plan. */
export class Cashier {
  /** Ids by the name that the plan calls a payment. */
  readonly #payments = new Map<string, string>();

  constructor(
    private readonly requests: VisitRequests,
    private readonly accounts: Accounts,
  ) {}

  /** Takes a payment towards a bill. */
  async pay(step: StepOf<'pay'>, bill: Bill | undefined): Promise<void> {
    const { payment, tender, amount, tip } = step;
    const body = {
      bill,
      amount: cents(amount),
      ...(tip > 0 && { tip: cents(tip) }),
      ...this.requests.names.when(step),
    };
    if (step.ends === 'declined') return this.#declined(step, body);
    await this.#take(payment, tender, step, (id) => this.#spentBefore(tender, id), body);
  }

  /** Puts money on a gift card or a house account. */
  async load(step: StepOf<'load'>): Promise<void> {
    const { payment, account, tender, amount } = step;
    const known = (id: string) => this.accounts.paymentOf(id);
    const planned = { ...step, tip: 0, ends: 'captured' } as const;
    const first = this.requests.names.id('payment', payment, 0);
    const bill = (await known(first)) ? undefined : await this.accounts.bill(account, first, amount);
    await this.#take(payment, tender, planned, known, { bill, ...this.requests.names.when(step) });
  }

  /** Writes the tip of the slip, and collects what was authorised with it. */
  async capture({ payment, amount, tip }: StepOf<'capture'>): Promise<void> {
    const path = `/v1/payments/${this.#payments.get(payment)}`;
    await this.requests.post(`${path}/tip`, `tip ${payment}`, { tip: cents(tip) });
    const body = { amount: cents(amount), occurredAt: this.requests.names.time(70) };
    const captured = await this.#insist('captured', (tries) =>
      this.requests.post<Payment>(`${path}/capture`, `capture ${payment} ${tries}`, body),
    );
    expectPaid(captured, { amount, rounding: 0, tip, ends: 'captured' });
  }

  async letGo({ payment }: StepOf<'let_go'>): Promise<void> {
    const path = `/v1/payments/${this.#payments.get(payment)}/void`;
    const gone = await this.#insist('voided', (tries) => this.requests.post<Payment>(path, `void ${payment} ${tries}`));
    expectEqual('the payment', statusOf(gone), 'voided');
  }

  /** @param claim of the return that the refund answers */
  async refund(
    { payment, answers, amount, rounding, tip, reason, fails, ...step }: StepOf<'refund'>,
    at: number,
    claim: Return['claim'] | undefined,
  ): Promise<void> {
    const { names } = this.requests;
    const given = { ...(amount > 0 && { amount: cents(amount) }), ...(tip > 0 && { tip: cents(tip) }) };
    const body = { id: names.id('refund', at), ...(answers === null ? given : { claim }), reason, ...names.when(step) };
    const path = `/v1/payments/${this.#payments.get(payment)}/refunds`;
    if (fails) return expectDeclined(this.requests.post<Refund>(path, `step ${at}`, body));
    const { body: refund } = await this.requests.post<Refund>(path, `step ${at}`, body);
    expectEqual('the refund', refund.status, 'succeeded');
    expectEqual('what it gives back', refund.returned.amount, amount + rounding + tip);
  }

  async #declined({ payment, tender, amount }: StepOf<'pay'>, body: object): Promise<void> {
    const asked = { id: this.requests.names.id('payment', payment, 0), ...body, ...this.#tendered(tender, amount) };
    await expectDeclined(this.requests.post<Payment>('/v1/payments', `payment ${payment}`, asked));
  }

  /** Takes a payment unless an earlier run did; once more, as another payment, where the provider did not hear of it. */
  async #take(
    payment: string,
    tender: Tender,
    planned: Planned,
    before: (id: string) => Promise<Payment | undefined>,
    body: object,
  ): Promise<void> {
    const collected = planned.amount + planned.rounding + planned.tip;
    const paid = await this.#insist(planned.ends, async (tries) => {
      const id = this.requests.names.id('payment', payment, tries);
      this.#payments.set(payment, id);
      const known = await before(id);
      if (known) return { body: known };
      const asked = { id, ...body, ...this.#tendered(tender, collected) };
      return this.requests.post<Payment>('/v1/payments', `payment ${payment} ${tries}`, asked);
    });
    expectPaid(paid, planned);
  }

  /**
   * Asks until it ends so, three times at most: on a machine that has too much to do the provider may not hear of a call,
   * which is then as if it had not been made.
   */
  async #insist(ends: Payment['status'], ask: (tries: number) => Promise<{ body: Payment }>): Promise<Payment> {
    for (let tries = 0; ; tries++) {
      const ended = await this.#ended((await ask(tries)).body);
      if (ended.status === ends || tries === 2) return ended;
    }
  }

  /** A payment once its provider has said how it ended. */
  async #ended(payment: Payment): Promise<Payment> {
    let seen = payment;
    await soon(async () => {
      if (seen.status !== 'pending' && seen.status !== 'unknown') return true;
      seen = (await this.requests.api.get<Payment>(`/v1/payments/${payment.id}`)).body;
      return false;
    });
    return seen;
  }

  /** A gift card of an earlier run, whose number nobody knows any more, was spent then. */
  async #spentBefore(tender: Tender, id: string): Promise<Payment | undefined> {
    if (tender.method !== 'gift_card' || this.accounts.numberOf(tender.account) !== undefined) return undefined;
    const known = await this.accounts.paymentOf(id);
    if (!known) throw new Otherwise('the number of the gift card was shown to a run that ended before it was spent');
    return known;
  }

  #tendered(tender: Tender, collected: number): object {
    switch (tender.method) {
      case 'cash':
        return { method: 'cash', tendered: cents(nextNote(collected)) };
      case 'card':
        return tender;
      case 'wallet':
        return { method: 'wallet', barcode: 'wallet_alipay' };
      case 'gift_card':
        return { method: 'gift_card', number: this.accounts.numberOf(tender.account) };
      case 'house_account':
        return { method: 'house_account', accountId: this.accounts.idOf(tender.account) };
    }
  }
}

async function expectDeclined(asking: Promise<{ readonly body: { readonly status: string } }>): Promise<void> {
  try {
    const { body } = await asking;
    throw new Otherwise(`it is ${body.status} and not declined`);
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
