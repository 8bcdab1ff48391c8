import { CURRENCY } from '../season/bistro.js';
import { differencesFrom } from '../season/compare.js';
import { type Played, playSeason } from '../season/play-season.js';
import { type Sums, sumsOf } from '../season/sums.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { printJson, Progress } from './output.js';

export interface SimulateOptions extends ConnectOptions {
  readonly seed: number;
  readonly visits: number;
  readonly concurrency: number;
  readonly json?: boolean;
}

/** Plays a season on the running platform, holds everything against its plan, and prints both. */
export async function simulate({ seed, visits, concurrency, json, ...connection }: SimulateOptions): Promise<void> {
  const { api } = await connectToPlatform(connection, concurrency);
  try {
    const progress = new Progress(process.stderr, json === true);
    progress.step(`season ${seed}: opening the restaurant, and ${visits} visits`);
    const began = performance.now();
    const played = await playSeason({
      api,
      seed,
      visits,
      concurrency,
      progress: (done, all) => progress.update(`${done} of ${all} visits`),
    });
    progress.done();
    progress.step('holding reports, ledger, balances and points against the plan');
    const sums = sumsOf(played.visits);
    const differences = await differencesFrom(sums, api, played.restaurant);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const troubles = played.troubles.map(({ visit: { number, story }, step, why }) => ({
      visit: number,
      story,
      step,
      why,
    }));
    printJson({ ...summaryOf(played, sums), seconds, agrees: agreed(troubles, differences), troubles, differences });
    if (played.placed === 0) progress.step('every visit of this season was there already: nothing was changed');
    if (!agreed(troubles, differences)) throw new CommandFailure('The platform and the plan do not agree.');
  } finally {
    await api.close();
  }
}

const agreed = (...complaints: readonly (readonly unknown[])[]): boolean =>
  complaints.every(({ length }) => length === 0);

function summaryOf({ restaurant: { location }, placed }: Played, sums: Sums): object {
  const money = (amount: number) => ({ amount, currency: CURRENCY });
  const ways = Object.values(sums.methods);
  const all = (figure: keyof (typeof ways)[number]) => ways.reduce((sum, taken) => sum + taken[figure], 0);
  const sold = { gross: sums.gross, discount: sums.discount, total: sums.total };
  const paid = { collected: all('collected'), returned: all('returned'), tips: all('tips'), loaded: all('loaded') };
  return {
    location: { id: location.id, name: location.name },
    orders: sums.orders,
    placed,
    items: sums.items,
    ...Object.fromEntries(Object.entries({ ...sold, ...paid }).map(([name, amount]) => [name, money(amount)])),
    payments: all('payments'),
    refunds: all('refunds'),
    giftCards: Object.keys(sums.accounts).filter((name) => name.includes('gift card')).length,
    discounts: Object.fromEntries(Object.entries(sums.discounts).map(([name, amount]) => [name, money(amount)])),
  };
}
