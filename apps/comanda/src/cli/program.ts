import { Command } from 'commander';
import { migrateCommand } from './migrate.command.js';
import { replayCommand } from './replay.command.js';
import { startCommand } from './start.command.js';

/** The command line. Exit codes: 0 done; 1 it could not be done, with a sentence that says why; 2 the command was mistyped. */
export function program(): Command {
  const comanda = new Command('comanda')
    .description('Comanda, the point of sale for restaurant chains')
    .version('0.1.0')
    .showHelpAfterError('(see --help)')
    .configureHelp({ sortSubcommands: true })
    .exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : 2));
  for (const add of [startCommand, migrateCommand, replayCommand]) add(comanda);
  for (const command of comanda.commands) command.exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : 2));
  return comanda;
}
