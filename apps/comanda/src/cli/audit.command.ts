import type { Command } from 'commander';
import type { AuditOptions } from './audit.js';
import { wholeNumber } from './options.js';

export function auditCommand(program: Command): void {
  program
    .command('audit')
    .description('wait until every consumer has followed, then check what must always be true of the data')
    .option('--json', 'print the findings as JSON')
    .option('--within <seconds>', 'how long consumers may take to follow', wholeNumber(0, 86_400), 60)
    .addHelpText('after', HELP)
    .action(async (options: AuditOptions) => (await import('./audit.js')).audit(options));
}

const HELP = `
Reads every database with a role that can write nothing. Exit code 0 when every invariant holds, else 1; one that finds
no rows to look at proves nothing, and does not hold.`;
