import type { Command } from 'commander';
import { wholeNumber } from './options.js';
import type { SmokeOptions } from './smoke.js';

/** Whether a platform sells: an order, a payment, and the news of it. */
export function smokeCommand(program: Command): void {
  program
    .command('smoke')
    .description('place and pay a real order, and wait until it is known to be paid: what helm test runs')
    .requiredOption('--url <url>', 'the platform; {service} in it stands for the service that is asked')
    .option('--key <key>', 'an API key with orders:write and payments:write (COMANDA_API_KEY)')
    .option('--location <id>', 'where; by default the first location that has something to sell')
    .option('--within <seconds>', 'how long the news of the payment may take', wholeNumber(1, 3_600), 60)
    .option('--json', 'print the order as JSON')
    .addHelpText('after', HELP)
    .action(async (options: SmokeOptions) => (await import('./smoke.js')).smoke(options));
}

const HELP = `
The order is real, and stays: use a key of a test organization. It is for one item without choices, and paid in cash.

  comanda smoke --url https://pos.example.com
  comanda smoke --url 'http://comanda-{service}'      inside a cluster, past the ingress`;
