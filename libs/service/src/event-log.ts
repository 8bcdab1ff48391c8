import { type EventLog, KafkaLog, PostgresLog } from '@comanda/events';
import { databaseUrls } from '@comanda/platform';
import type { Logger } from 'pino';

/** The event log that the environment names: Kafka where `KAFKA_BROKERS` is set, else PostgreSQL (`LOG_DATABASE_URL`, `DATABASE_URL`). */
export function openEventLog(
  environment: NodeJS.ProcessEnv,
  { clientId, log }: { clientId: string; log: Logger },
): EventLog {
  const brokers = environment['KAFKA_BROKERS'];
  if (brokers) return new KafkaLog({ brokers: brokers.split(','), clientId, logger: log });
  return new PostgresLog({ url: databaseUrls('log', environment).app, logger: log });
}
