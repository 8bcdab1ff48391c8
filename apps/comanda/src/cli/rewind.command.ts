import type { ServiceName } from '@comanda/contracts/words';
import type { Command } from 'commander';
import { serviceName } from './options.js';

export function rewindCommand(program: Command): void {
  program
    .command('rewind')
    .description(
      'after a restore: have services read their events again from the start; what had its effect has none again',
    )
    .option('--service <name>', 'this one alone', serviceName)
    .option('--json', 'print whose it was as JSON')
    .addHelpText('after', HELP)
    .action(async (options: { service?: ServiceName; json?: boolean }) =>
      (await import('./rewind.js')).rewind(options),
    );
}

const HELP = `
A database that was restored alone lacks the effects of what was handled since, and the log says that it has had them: set back,
its service reads the log again when it is started, and fills the gap. Stop the service first, all its processes.`;
