import type { Command } from 'commander';
import { CURRENCY } from '../season/bistro.js';
import { differencesFrom } from '../season/compare.js';
import { type Played, playSeason } from '../season/play-season.js';
import { type Sums, sumsOf } from '../season/sums.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { wholeNumber } from './options.js';
import { printJson, Progress } from './output.js';

interface SimulateOptions extends ConnectOptions {
  readonly seed: number;
  readonly visits: number;
  readonly concurrency: number;
  readonly json?: boolean;
}

export function simulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('play some weeks of a restaurant that does not exist through the public API, and check every sum')
    .option('--seed <number>', 'another seed is another season, at another restaurant', wholeNumber(0, 1_000_000), 1)
    .option('--visits <n>', 'how many orders', wholeNumber(1, 100_000), 306)
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', 'an API key of a test organization (COMANDA_API_KEY)')
    .option('--concurrency <n>', 'how many at once', wholeNumber(1, 256), 32)
    .option('--json', 'print no progress: the summary alone')
    .addHelpText('after', HELP)
    .action(simulate);
}

const HELP = `
It opens Bistro Orléans, with combos, choices, a happy hour, stacked taxes, service charges, coupons and a reward, and
serves its guests for four weeks: discounts, comps, voids, splits, gift cards, house accounts, tips and refunds.

What each step comes to is planned beforehand, by arithmetic of its own. Every answer, and at the end the reports, the
ledger, the provider's settlement, balances and points, are held against the plan to the cent. Progress goes to stderr;
stdout is one JSON summary. A second run changes nothing. Exit code 0 when everything agrees, 1 when anything does not.`;

async function simulate({ seed, visits, concurrency, json, ...connection }: SimulateOptions): Promise<void> {
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
