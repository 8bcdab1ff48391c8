import type { Command } from 'commander';
import type { DrillInputs } from './drill.js';
import { wholeNumber } from './options.js';

export function drillCommand(program: Command): void {
  program
    .command('drill')
    .description('lose a platform in the middle of a rush, restore it into an empty folder, and show what that cost')
    .option('--orders <number>', 'how many are paid before the disaster, at least', wholeNumber(1, 100_000), 200)
    .option('--every <seconds>', 'how often the backup follows', wholeNumber(1, 300), 60)
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', HELP)
    .action(async (options: DrillInputs) => (await import('./drill.js')).runDrill(options));
}

const HELP = `
Both platforms live in a temporary folder; yours is not touched. Exit code 0 when at most 5 minutes of sales had to be sent
again, it took at most 30 minutes, every invariant holds and the checksums of the ledgers are equal; else 1.`;
