import type { AnswerOf, InputOf, ListSettlements, ReadReconciliation } from '@comanda/contracts';
import { type Caller, CONFIG, inTransaction, Refusal, requireLocation } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { inCurrency } from '../amounts.js';
import type { PaymentsConfig } from '../payments.config.js';
import type { ProviderMovement, SettlementPage } from '../provider/payment-provider.js';
import { type ProviderAccount, ProviderAccounts } from '../provider/provider-accounts.js';
import { keyOf, reconciled } from './reconciliation.js';
import { billSums, knownAttempts, knownDisputes, ledgerMovements } from './settlements.store.js';

/** What providers report, as it is, and held against the ledger and the bills of orders. */
@Injectable()
export class Settlements {
  constructor(
    private readonly db: DataSource,
    private readonly accounts: ProviderAccounts,
    @Inject(CONFIG) private readonly config: PaymentsConfig,
  ) {}

  /** A page of what moved at a provider on a UTC day. @throws Refusal `provider_unavailable` */
  async list(
    caller: Caller,
    { date = today(), cursor }: InputOf<typeof ListSettlements>['query'],
  ): Promise<AnswerOf<typeof ListSettlements>> {
    // A report is of all locations of an account.
    if (caller.locations) throw new Refusal('location_forbidden', 'Settlements are of all locations together.');
    const after = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString();
    const account = await this.accounts.forNewPayments(caller.organizationId);
    const { movements, next } = await this.#page(account, caller.organizationId, date, after);
    return {
      data: movements.map(({ amount, fee, currency, at, ...movement }) => ({
        ...movement,
        amount: inCurrency(currency)(amount),
        fee: inCurrency(currency)(fee),
        at: at.toISOString(),
      })),
      nextCursor: next === null ? null : Buffer.from(next).toString('base64url'),
    };
  }

  /** Holds business days against what the provider reports of them. @throws Refusal `provider_unavailable`, `report_too_large` */
  async reconcile(
    caller: Caller,
    { from = today(), to = from, locationId }: InputOf<typeof ReadReconciliation>['query'],
  ): Promise<AnswerOf<typeof ReadReconciliation>> {
    if (caller.locations) requireLocation(caller, locationId ?? '');
    const { organizationId } = caller;
    if (Date.parse(to) - Date.parse(from) > MOST_DAYS * DAY)
      throw new Refusal('report_too_large', 'At most 366 days at once.');
    const days = { from, to, locationId: locationId ?? null };
    const [ours, bills] = await inTransaction(this.db, organizationId, async (tx) => [
      await ledgerMovements(tx, days),
      await billSums(tx, days),
    ]);
    const accounts = new Set([
      await this.accounts.forNewPayments(organizationId),
      ...ours.map(({ provider }) => this.accounts.named(provider)),
    ]);
    const asked = new Set([
      ...ours.flatMap(({ since, until }) => daysFrom(since, until)),
      // What the ledger knows nothing of was counted on the business day itself or beside it.
      ...daysFrom(dayAfter(from, -1), dayAfter(to, 1)),
    ]);
    const theirs: ProviderMovement[] = [];
    for (const account of accounts)
      for (const date of asked) theirs.push(...(await this.#day(account, organizationId, date)));
    const mine = new Set(ours.map(keyOf));
    const others = theirs.filter((movement) => !mine.has(keyOf(movement)));
    const known = await inTransaction(this.db, organizationId, async (tx) => {
      const attempts = await knownAttempts(
        tx,
        others.flatMap(({ reference }) => reference ?? []),
      );
      const disputes = others.filter(({ reference }) => reference === null);
      return new Map([
        ...attempts,
        ...(await knownDisputes(
          tx,
          disputes.map(({ authorization }) => authorization),
        )),
      ]);
    });
    return { from, to, locationId: days.locationId, ...reconciled(ours, theirs, bills, known) };
  }

  async #day(account: ProviderAccount, organizationId: string, date: string): Promise<ProviderMovement[]> {
    const movements: ProviderMovement[] = [];
    let after: string | null = null;
    do {
      const page: SettlementPage = await this.#page(account, organizationId, date, after);
      movements.push(...page.movements);
      after = page.next;
    } while (after !== null);
    return movements;
  }

  async #page(
    { provider }: ProviderAccount,
    organizationId: string,
    date: string,
    after: string | null,
  ): Promise<SettlementPage> {
    const signal = AbortSignal.timeout(this.config.PAYMENT_PROVIDER_TIMEOUT_MS);
    try {
      return await provider.settlement({ organizationId, date, after }, signal);
    } catch (error) {
      throw new Refusal('provider_unavailable', 'The payment provider does not answer.', {}, { cause: error });
    }
  }
}

const DAY = 86_400_000;
const MOST_DAYS = 366;

const today = (): string => new Date().toISOString().slice(0, 10);
const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** The days from one to another, both included. */
function daysFrom(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = dayAfter(day, 1)) days.push(day);
  return days;
}
