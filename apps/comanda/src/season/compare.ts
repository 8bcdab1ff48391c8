import { setTimeout as pause } from 'node:timers/promises';
import type { Comanda, GroupKey } from '@comanda/client';
import type { Restaurant } from './open-restaurant.js';
import { DAYS, FIRST_DAY } from './plan.js';
import type { Sums, Taken } from './sums.js';
import { sum } from './whole-numbers.js';

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
export async function differencesFrom(sums: Sums, api: Comanda, restaurant: Restaurant): Promise<Difference[]> {
  let [fewest, until] = [Infinity, 0];
  for (;;) {
    const found = await differencesNow(sums, api, restaurant);
    if (found.length < fewest) [fewest, until] = [found.length, performance.now() + 30_000];
    if (found.length === 0 || performance.now() > until) return found;
    await pause(500);
  }
}

async function differencesNow(sums: Sums, api: Comanda, restaurant: Restaurant): Promise<Difference[]> {
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
  const of = (figure: (typeof FIGURES)[number]): number => sum(Object.values(methods), (taken) => taken[figure]);
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
  readonly #query: { readonly locationId: string; readonly from: string; readonly to: string };

  constructor(
    private readonly api: Comanda,
    private readonly restaurant: Restaurant,
  ) {
    const to = new Date(Date.parse(FIRST_DAY) + (DAYS + 7) * 86_400_000).toISOString().slice(0, 10);
    this.#query = { locationId: restaurant.location.id, from: FIRST_DAY, to };
  }

  async *figures({ accounts, points }: Sums): AsyncGenerator<Figure> {
    yield* this.#sales();
    yield* this.#reasons();
    yield* this.#payments();
    yield* this.#books();
    for (const account of Object.keys(accounts)) {
      const path = { accountId: this.restaurant.ids('account', account) };
      const { data } = await this.api.GET('/v1/payments/guest-accounts/{accountId}', { path });
      yield [`balance: ${account}`, data.balance.amount];
    }
    for (const guest of points.keys()) {
      const path = { customerId: this.restaurant.ids('guest', guest) };
      const { data } = await this.api.GET('/v1/loyalty/customers/{customerId}', { path });
      yield [`points of guest ${guest + 1}`, data.points];
    }
  }

  async *#sales(): AsyncGenerator<Figure> {
    const { data } = await this.api.GET('/v1/reports/sales', { query: this.#by('location') });
    for (const { quantity, gross, discount, total } of data.totals) {
      yield ['sales: quantity', quantity];
      yield ['sales: gross', gross.amount];
      yield ['sales: discount', discount.amount];
      yield ['sales: total', total.amount];
    }
  }

  /** What was sold for less or not at all, by what was said of it. */
  async *#reasons(): AsyncGenerator<Figure> {
    const { data: discounts } = await this.api.GET('/v1/reports/discounts', { query: this.#by('discount') });
    for (const { group, discount } of discounts.rows)
      yield [`discounts: ${nameIn(group['discount'])}`, discount.amount];
    const { data: voids } = await this.api.GET('/v1/reports/voids', { query: this.#by('reason') });
    for (const { group, value } of voids.rows) yield [`voids: ${nameIn(group['reason'])}`, value.amount];
    const { data: returns } = await this.api.GET('/v1/reports/returns', { query: this.#by('reason') });
    for (const { group, total } of returns.rows) yield [`returns: ${nameIn(group['reason'])}`, total.amount];
  }

  async *#payments(): AsyncGenerator<Figure> {
    const { data: payments } = await this.api.GET('/v1/reports/payments', { query: this.#by('method') });
    for (const { group, ...row } of payments.rows)
      for (const figure of FIGURES) {
        const value = row[figure];
        yield [`payments by ${nameIn(group['method'])}: ${figure}`, typeof value === 'number' ? value : value.amount];
      }
    const { data: owed } = await this.api.GET('/v1/reports/reconciliation', { query: this.#by('location') });
    for (const { difference } of owed.totals) yield ['reconciliation report: difference', difference.amount];
  }

  async *#books(): AsyncGenerator<Figure> {
    const query = this.#query;
    const { data: ledger } = await this.api.GET('/v1/payments/ledger/balances', { query });
    const balances = new Map(ledger.data.map(({ account, balance }) => [account, balance.amount]));
    for (const account of ['cash', 'card', 'tip', 'rounding'] as const)
      yield [`ledger: ${account}`, balances.get(account) ?? 0];
    const owed = (balances.get('gift_card') ?? 0) + (balances.get('house_account') ?? 0);
    yield ['ledger: gift_card and house_account', owed];
    const { data: settled } = await this.api.GET('/v1/payments/reconciliation', { query });
    yield ['reconciliation: rows that do not agree', settled.explained + settled.unexplained];
  }

  #by(groupBy: string) {
    return { ...this.#query, groupBy };
  }
}

const nameIn = (group: GroupKey | undefined): string => group?.name ?? group?.key ?? '';
