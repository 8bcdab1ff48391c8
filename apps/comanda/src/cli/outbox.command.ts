import type { Command } from 'commander';
import { moment, serviceName } from './options.js';
import type { Republication } from './outbox.js';

/** The outbox: what waits, and how published events are published again. */
export function outboxCommand(program: Command): void {
  const outbox = program.command('outbox').description('events that were committed and are on their way to the log');
  outbox
    .command('status')
    .description('what waits in each service, and for how long')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => (await import('./outbox.js')).showOutboxes(json));
  outbox
    .command('replay')
    .description('publish events again: for a log that lost them. Consumers that had them do nothing')
    .requiredOption('--service <name>', 'whose events', serviceName)
    .requiredOption('--from <time>', 'recorded at this time or later (RFC 3339)', moment)
    .option('--to <time>', 'recorded before this time; now, unless given', moment)
    .option('--json', 'print as JSON')
    .action(async (options: Republication) => (await import('./outbox.js')).publishAgain(options));
}
