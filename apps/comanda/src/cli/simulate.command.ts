import type { Command } from 'commander';
import { wholeNumber } from './options.js';
import type { SimulateOptions } from './simulate.js';

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
    .action(async (options: SimulateOptions) => (await import('./simulate.js')).simulate(options));
}

const HELP = `
It opens Bistro Orléans, with combos, choices, a happy hour, stacked taxes, service charges, coupons and a reward, and
serves its guests for four weeks: discounts, comps, voids, splits, gift cards, house accounts, tips and refunds.

What each step comes to is planned beforehand, by arithmetic of its own. Every answer, and at the end the reports, the
ledger, the provider's settlement, balances and points, are held against the plan to the cent. Progress goes to stderr;
stdout is one JSON summary. A second run changes nothing. Exit code 0 when everything agrees, 1 when anything does not.`;
