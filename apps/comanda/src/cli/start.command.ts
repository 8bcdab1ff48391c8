import type { Command } from 'commander';

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('start the whole platform in this process, with an embedded PostgreSQL unless DATABASE_URL is set')
    .option('--no-demo', 'do not load the demo chain on the first start')
    .addHelpText('after', HELP)
    .action(async ({ demo }: { demo: boolean }) => (await import('./start.js')).start(demo));
}

const HELP = `
Environment:
  PORT            where it listens (8080)
  HOST            on which interface (127.0.0.1)
  COMANDA_HOME    where its state lives (.comanda)
  DATABASE_URL    a PostgreSQL of your own; the user must be allowed to make databases and roles
  KAFKA_BROKERS   host:port,… of a Kafka of your own
  REDIS_URL       a Redis of your own

Ctrl-C stops it cleanly; the next start finds everything again.`;
