import type { Command } from 'commander';
import { wholeNumber } from './options.js';
import type { LagOptions } from './lag.js';

/** How far everything is behind, on the way from outbox to log to consumers. */
export function lagCommand(program: Command): void {
  program
    .command('lag')
    .description('how far services are behind: events that wait, and for how long the oldest has')
    .option('--over <seconds>', 'end with 1 when something has waited for longer', wholeNumber(0, 86_400))
    .option('--json', 'print as JSON')
    .addHelpText('after', HELP)
    .action(async (options: LagOptions) => (await import('./lag.js')).showLag(options));
}

const HELP = `
Reads the databases and the log with a role that can write nothing, as audit does. "outbox" is what a service committed and
the log does not have yet; "consumer" what the log has and a service has not dealt with; "background" what it has noted and
not worked off.`;
