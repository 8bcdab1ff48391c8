import type { Command } from 'commander';
import type { SeedOptions } from './seed.js';

export function seedCommand(program: Command): void {
  program
    .command('seed')
    .description('load the demo chain into a running platform; harmless to repeat')
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--json', 'print the demo as JSON')
    .action(async (options: SeedOptions) => (await import('./seed.js')).seed(options));
}
