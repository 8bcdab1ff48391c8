import type { Command } from 'commander';
import { wholeNumber } from './options.js';
import type { StartOptions } from './start.js';

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('start the whole platform in this process, with an embedded PostgreSQL unless DATABASE_URL is set')
    .option('--no-demo', 'do not load the demo chain on the first start')
    .option(
      '--observe [port]',
      'start Prometheus beside it, with the alert rules: on this port of this machine, or on any that is free',
      wholeNumber(1, 65_535),
    )
    .addHelpText('after', HELP)
    .action(async (options: StartOptions) => (await import('./start.js')).start(options));
}

const HELP = `
Environment:
  PORT            where it listens (8080)
  HOST            on which interface (127.0.0.1)
  COMANDA_HOME    where its state lives (.comanda)
  DATABASE_URL    a PostgreSQL of your own; the user must be allowed to make databases and roles
  KAFKA_BROKERS   host:port,… of a Kafka of your own
  REDIS_URL       a Redis of your own

/status shows how it is, to whoever can reach it: counts and times alone. --observe takes Prometheus (Debian: apt install
prometheus); it keeps fifteen days in the state folder, and stops with the platform.

Ctrl-C stops it cleanly; the next start finds everything again.`;
