import type { ServiceName } from '@comanda/contracts';
import type { Command } from 'commander';
import { serviceName } from './options.js';

/** Dead letters: what a consumer could not handle, and how it is tried again. */
export function dlqCommand(program: Command): void {
  const dlq = program.command('dlq').description('dead letters: events that a service could not handle');
  dlq
    .command('list')
    .description('what was parked, by whom and why')
    .option('--service <name>', 'only what this service parked', serviceName)
    .option('--json', 'print as JSON')
    .action(async (options: { service?: ServiceName; json?: boolean }) =>
      (await import('./dead-letters.js')).listDeadLetters(options),
    );
  dlq
    .command('replay')
    .description('send dead letters again, to the service that parked them alone; each has its effect once')
    .argument('[letters...]', 'their names, as dlq list shows them; all that wait, unless given')
    .requiredOption('--service <name>', 'who parked them', serviceName)
    .option('--json', 'print as JSON')
    .action(async (letters: string[], options: { service: ServiceName; json?: boolean }) =>
      (await import('./dead-letters.js')).sendAgain(letters, options),
    );
}
