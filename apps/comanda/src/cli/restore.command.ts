import type { Command } from 'commander';
import { moment } from './options.js';

export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .description('bring a platform back from a backup, into a folder that has none (COMANDA_HOME)')
    .argument('<folder>', 'where backups are kept, or one of them')
    .option('--to <time>', 'as it was at this moment (RFC 3339); the last that was copied, unless given', moment)
    .option('--json', 'print what was restored as JSON')
    .addHelpText('after', HELP)
    .action(async (folder: string, options: { to?: Date; json?: boolean }) =>
      (await import('./restore.js')).restore(folder, options),
    );
}

const HELP = `
Verifies the backup first, and starts PostgreSQL once to bring its files to that moment. The databases appear when they are
whole; a restore that was interrupted is gone on with by the next call. Then: npm start, and comanda audit.`;
