import type { Command } from 'commander';
import type { BackupOptions } from './backup.js';
import { wholeNumber } from './options.js';

export function backupCommand(program: Command): void {
  const backup = program
    .command('backup')
    .description(
      'copy the embedded platform while it runs: every database and the event log at one instant, and the secret',
    )
    .argument('<folder>', 'where backups are kept, best on another disk')
    .option('--follow', 'go on until Ctrl-C: what is committed since is copied again and again')
    .option(
      '--every <seconds>',
      'with --follow: how often, which is what a disaster may cost',
      wholeNumber(1, 3_600),
      60,
    )
    .option('--whole-every <hours>', 'with --follow: how old the last whole backup may get', wholeNumber(1, 720), 24)
    .option('--keep <number>', 'remove all but so many of the newest whole backups', wholeNumber(1, 1_000))
    .option('--without-secret', 'leave the secret out: it must then be given when this is restored')
    .option('--json', 'print what was copied as JSON')
    .addHelpText('after', HELP)
    .enablePositionalOptions()
    .action(async (folder: string, options: BackupOptions) => (await import('./backup.js')).backUp(folder, options));
  backup
    .command('list')
    .description('the backups in a folder, and which moments they can bring back')
    .argument('<folder>', 'where backups are kept')
    .option('--json', 'print as JSON')
    .action(async (folder: string, { json }: { json?: boolean }) =>
      (await import('./backup.js')).listBackups(folder, json),
    );
  backup
    .command('verify')
    .description('read a backup, the newest unless a moment is given, and hold every file against what was copied')
    .argument('<folder>', 'where backups are kept, or one of them')
    .option('--start', 'restore it aside as well, start it, and read every row of every table')
    .option('--json', 'print what was found as JSON')
    .action(async (folder: string, options: { start?: boolean; json?: boolean }) =>
      (await import('./verify-backup.js')).verify(folder, options),
    );
}

const HELP = `
Each backup is a folder of its own, readable by its owner alone. It holds the secret, without which keys of the API and what
is kept encrypted are lost: keep it as you keep the secret. One that was interrupted is gone on with by the next call.
See docs/backup.md; for databases on a server of your own, too.`;
