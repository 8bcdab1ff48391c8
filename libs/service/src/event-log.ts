import { type EventLog, KafkaLog, PostgresLog } from '@comanda/events';
import { databaseUrls, readConfig, wholeNumber } from '@comanda/platform';
import type { Logger } from 'pino';
import { z } from 'zod';

/** The event log that the environment names: Kafka where `KAFKA_BROKERS` is set, else PostgreSQL (`LOG_DATABASE_URL`, `DATABASE_URL`). */
export function openEventLog(
  environment: NodeJS.ProcessEnv,
  { clientId, log }: { clientId: string; log: Logger },
): EventLog {
  const brokers = environment['KAFKA_BROKERS'];
  if (brokers) {
    const { KAFKA_SESSION_MS: session } = readConfig(KafkaSettings, environment);
    return new KafkaLog({ brokers: brokers.split(','), clientId, logger: log, session });
  }
  return new PostgresLog({ url: databaseUrls('log', environment).app, logger: log });
}

const KafkaSettings = z.object({
  /** How long a consumer may be silent before its partitions go to others, milliseconds; the brokers must allow it. */
  KAFKA_SESSION_MS: wholeNumber(500, 300_000).default(10_000),
});
