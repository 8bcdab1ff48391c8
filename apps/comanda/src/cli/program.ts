import { VERSION } from '@comanda/contracts/words';
import { Command } from 'commander';
import { auditCommand } from './audit.command.js';
import { backupCommand } from './backup.command.js';
import { customersCommand } from './customers.command.js';
import { dlqCommand } from './dlq.command.js';
import { doctorCommand } from './doctor.command.js';
import { drillCommand } from './drill.command.js';
import { exportCommand } from './export.command.js';
import { importCommand } from './import.command.js';
import { keysCommand } from './keys.command.js';
import { lagCommand } from './lag.command.js';
import { ledgerCommand } from './ledger.command.js';
import { menusCommand } from './menus.command.js';
import { migrateCommand } from './migrate.command.js';
import { ordersCommand } from './orders.command.js';
import { organizationsCommand } from './organizations.command.js';
import { outboxCommand } from './outbox.command.js';
import { replayCommand } from './replay.command.js';
import { reportsCommand } from './reports.command.js';
import { restoreCommand } from './restore.command.js';
import { rewindCommand } from './rewind.command.js';
import { seedCommand } from './seed.command.js';
import { simulateCommand } from './simulate.command.js';
import { smokeCommand } from './smoke.command.js';
import { startCommand } from './start.command.js';
import { stockCommand } from './stock.command.js';
import { webhooksCommand } from './webhooks.command.js';

/** The command line. Exit codes: 0 done; 1 it could not be done, with a sentence that says why; 2 the command was mistyped. */
export function program(): Command {
  const comanda = new Command('comanda')
    .description('Comanda, the point of sale for restaurant chains')
    .version(VERSION)
    .configureHelp({ sortSubcommands: true })
    // An option after the name of a command is that command's, also where the one above it has one of the same name.
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(inOneLine(text)) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  const commands = [
    startCommand,
    migrateCommand,
    seedCommand,
    smokeCommand,
    importCommand,
    exportCommand,
    replayCommand,
    simulateCommand,
    organizationsCommand,
    keysCommand,
    menusCommand,
    ordersCommand,
    stockCommand,
    ledgerCommand,
    reportsCommand,
    customersCommand,
    auditCommand,
    dlqCommand,
    outboxCommand,
    lagCommand,
    webhooksCommand,
    backupCommand,
    restoreCommand,
    rewindCommand,
    drillCommand,
    doctorCommand,
  ];
  // A command inherits how its parent ends, if the parent says so before it is made.
  for (const add of commands) add(comanda);
  return comanda;
}

/** What was mistyped, in one line: the parser writes its guess of what was meant on a second. */
function inOneLine(complaint: string): string {
  const [what = '', guess = ''] = complaint
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n');
  const sentences = [what.replace(/\.?$/, '.'), guess.replaceAll(/^\(|\)$/g, ''), 'See --help.'];
  return `comanda: ${sentences.filter(Boolean).join(' ')}\n`;
}
