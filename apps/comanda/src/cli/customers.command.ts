import type { Command } from 'commander';

/** What an operator does for customers that nobody asks for through the API. */
export function customersCommand(program: Command): void {
  program
    .command('customers')
    .description('customers, after a restore')
    .command('erase-again')
    .description('after a backup was restored: erase whomever the topics say was erased since it was made')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => (await import('./erase-again.js')).eraseCustomersAgain(json));
}
