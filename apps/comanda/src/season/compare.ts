import { setTimeout as pause } from 'node:timers/promises';
import type {
  AnswerOf,
  Customer,
  DiscountsReport,
  Endpoint,
  GroupKey,
  GuestAccount,
  PaymentsReport,
  ReadBalances,
  ReadReconciliation,
  ReconciliationReport,
  ReturnsReport,
  SalesReport,
  VoidsReport,
} from '@comanda/contracts';
import type { ApiClient } from '../cli/api-client.js';
import type { Restaurant } from './open-restaurant.js';
import { DAYS, FIRST_DAY } from './plan.js';
import type { Sums, Taken } from './sums.js';

/** Something that the platform says otherwise than the plan. */
export interface Difference {
  readonly what: string;
  readonly planned: number;
  readonly found: number;
}

/**
 * Holds what the platform says of a season, each service in its own words, against the plan: reports, ledger,
 * reconciliation, gift cards and house accounts, points. Services follow one another: it asks again for as long as the
 * differences become fewer, and half a minute when they do not.
 */
export async function differencesFrom(sums: Sums, api: ApiClient, restaurant: Restaurant): Promise<Difference[]> {
  let [fewest, until] = [Infinity, 0];
  for (;;) {
    const found = await differencesNow(sums, api, restaurant);
    if (found.length < fewest) [fewest, until] = [found.length, performance.now() + 30_000];
    if (found.length === 0 || performance.now() > until) return found;
    await pause(500);
  }
}

async function differencesNow(sums: Sums, api: ApiClient, restaurant: Restaurant): Promise<Difference[]> {
  const platform = new Answers(api, restaurant);
  const planned = new Map<string, number>();
  const found = new Map<string, number>();
  for (const [what, amount] of plannedFigures(sums)) planned.set(what, amount);
  for await (const [what, amount] of platform.figures(sums)) found.set(what, amount);
  return [...new Set([...planned.keys(), ...found.keys()])].flatMap((what) => {
    const figures = { planned: planned.get(what) ?? 0, found: found.get(what) ?? 0 };
    return figures.planned === figures.found ? [] : [{ what, ...figures }];
  });
}

type Figure = readonly [what: string, amount: number];

function* plannedFigures(sums: Sums): Generator<Figure> {
  yield ['sales: quantity', sums.items];
  yield ['sales: gross', sums.gross];
  yield ['sales: discount', sums.discount];
  yield ['sales: total', sums.total];
  yield* named('discounts', sums.discounts);
  yield* named('voids', sums.voided);
  yield* named('returns', sums.returned);
  for (const [method, taken] of Object.entries(sums.methods))
    for (const figure of FIGURES) yield [`payments by ${method}: ${figure}`, taken[figure]];
  yield ['reconciliation report: difference', sums.forgiven];
  yield ['reconciliation: rows that do not agree', 0];
  for (const [account, balance] of Object.entries(balancesOf(sums))) yield [`ledger: ${account}`, balance];
  yield* named('balance', sums.accounts);
  for (const [guest, points] of sums.points) yield [`points of guest ${guest + 1}`, points];
}

const FIGURES = ['payments', 'refunds', 'collected', 'returned', 'tips', 'rounding', 'loaded'] as const;

/** What the ledger has to hold: debits are positive. */
function balancesOf({ methods }: Sums): Record<string, number> {
  const kept = ({ collected, returned }: Taken): number => collected - returned;
  const of = (figure: (typeof FIGURES)[number]): number =>
    Object.values(methods).reduce((sum, taken) => sum + taken[figure], 0);
  return {
    cash: kept(methods.cash),
    card: kept(methods.card) + kept(methods.wallet),
    'gift_card and house_account': kept(methods.gift_card) + kept(methods.house_account) - of('loaded'),
    tip: -of('tips'),
    rounding: -of('rounding'),
  };
}

function* named(kind: string, sums: Readonly<Record<string, number>>): Generator<Figure> {
  for (const [name, amount] of Object.entries(sums)) yield [`${kind}: ${name}`, amount];
}

/** What the platform answers, in the words of the plan. */
class Answers {
  readonly #days: string;

  constructor(
    private readonly api: ApiClient,
    private readonly restaurant: Restaurant,
  ) {
    const last = new Date(Date.parse(FIRST_DAY) + (DAYS + 7) * 86_400_000).toISOString().slice(0, 10);
    this.#days = `locationId=${restaurant.location.id}&from=${FIRST_DAY}&to=${last}`;
  }

  async *figures({ accounts, points }: Sums): AsyncGenerator<Figure> {
    const sales = await this.#report<typeof SalesReport.json>('sales', 'location');
    for (const { quantity, gross, discount, total } of sales.totals) {
      yield ['sales: quantity', quantity];
      yield ['sales: gross', gross.amount];
      yield ['sales: discount', discount.amount];
      yield ['sales: total', total.amount];
    }
    const discounts = await this.#report<typeof DiscountsReport.json>('discounts', 'discount');
    for (const { group, discount } of discounts.rows)
      yield [`discounts: ${nameIn(group['discount'])}`, discount.amount];
    const voids = await this.#report<typeof VoidsReport.json>('voids', 'reason');
    for (const { group, value } of voids.rows) yield [`voids: ${nameIn(group['reason'])}`, value.amount];
    const returns = await this.#report<typeof ReturnsReport.json>('returns', 'reason');
    for (const { group, total } of returns.rows) yield [`returns: ${nameIn(group['reason'])}`, total.amount];
    const payments = await this.#report<typeof PaymentsReport.json>('payments', 'method');
    for (const { group, ...row } of payments.rows)
      for (const figure of FIGURES) {
        const value = row[figure];
        yield [`payments by ${nameIn(group['method'])}: ${figure}`, typeof value === 'number' ? value : value.amount];
      }
    const owed = await this.#report<typeof ReconciliationReport.json>('reconciliation', 'location');
    for (const { difference } of owed.totals) yield ['reconciliation report: difference', difference.amount];
    yield* this.#books();
    for (const account of Object.keys(accounts)) {
      const path = `/v1/payments/guest-accounts/${this.restaurant.ids('account', account)}`;
      yield [`balance: ${account}`, (await this.api.get<GuestAccount>(path)).body.balance.amount];
    }
    for (const guest of points.keys()) {
      const path = `/v1/loyalty/customers/${this.restaurant.ids('guest', guest)}`;
      yield [`points of guest ${guest + 1}`, (await this.api.get<Customer>(path)).body.points];
    }
  }

  async *#books(): AsyncGenerator<Figure> {
    const { body: ledger } = await this.api.get<AnswerOf<typeof ReadBalances>>(
      `/v1/payments/ledger/balances?${this.#days}`,
    );
    const balances = new Map(ledger.data.map(({ account, balance }) => [account, balance.amount]));
    for (const account of ['cash', 'card', 'tip', 'rounding'] as const)
      yield [`ledger: ${account}`, balances.get(account) ?? 0];
    const owed = (balances.get('gift_card') ?? 0) + (balances.get('house_account') ?? 0);
    yield ['ledger: gift_card and house_account', owed];
    const { body } = await this.api.get<AnswerOf<typeof ReadReconciliation>>(
      `/v1/payments/reconciliation?${this.#days}`,
    );
    yield ['reconciliation: rows that do not agree', body.explained + body.unexplained];
  }

  async #report<E extends Endpoint>(name: string, groupBy: string): Promise<AnswerOf<E>> {
    return (await this.api.get<AnswerOf<E>>(`/v1/reports/${name}?${this.#days}&groupBy=${groupBy}`)).body;
  }
}

const nameIn = (group: GroupKey | undefined): string => group?.name ?? group?.key ?? '';
