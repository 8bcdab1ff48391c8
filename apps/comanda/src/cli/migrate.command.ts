import type { Command } from 'commander';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('make the databases, their roles and the topics, and bring every schema to its newest version')
    .option('--json', 'print what was done as JSON')
    .action(async ({ json }: { json?: boolean }) => (await import('./migrate.js')).migrateHere(json));
}
