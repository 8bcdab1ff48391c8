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
    const settings = readConfig(KafkaSettings, environment);
    const { KAFKA_SESSION_MS: session } = settings;
    return new KafkaLog({ brokers: brokers.split(','), clientId, logger: log, session, ...loginOf(settings) });
  }
  return new PostgresLog({ url: databaseUrls('log', environment).app, logger: log });
}

const KafkaSettings = z
  .object({
    /** How long a consumer may be silent before its partitions go to others, milliseconds; the brokers must allow it. */
    KAFKA_SESSION_MS: wholeNumber(500, 300_000).default(10_000),
    /** Whether what is said to the brokers is encrypted. */
    KAFKA_TLS: z.enum(['true', 'false'], 'must be true or false').default('false'),
    /** Who vouches for the brokers, as PEM, where it is nobody whom the world knows. */
    KAFKA_CA: z.string().includes('-----BEGIN CERTIFICATE-----', 'must be a certificate, as PEM').optional(),
    /** Who logs in, by SCRAM-SHA-512; nobody does where it is not set. */
    KAFKA_USERNAME: z.string().optional(),
    KAFKA_PASSWORD: z.string().optional(),
  })
  .superRefine(({ KAFKA_TLS, KAFKA_CA, KAFKA_USERNAME, KAFKA_PASSWORD }, { addIssue }) => {
    const needed = (name: string, why: string) =>
      addIssue({ code: 'custom', path: [name], message: `must be set with ${why}` });
    if (KAFKA_USERNAME && !KAFKA_PASSWORD) needed('KAFKA_PASSWORD', 'KAFKA_USERNAME');
    if (KAFKA_PASSWORD && !KAFKA_USERNAME) needed('KAFKA_USERNAME', 'KAFKA_PASSWORD');
    if (KAFKA_CA && KAFKA_TLS === 'false')
      addIssue({ code: 'custom', path: ['KAFKA_TLS'], message: 'must be true with KAFKA_CA' });
  });

function loginOf({ KAFKA_TLS, KAFKA_CA, KAFKA_USERNAME, KAFKA_PASSWORD }: z.output<typeof KafkaSettings>) {
  return {
    ...(KAFKA_TLS === 'true' && { ssl: KAFKA_CA ? { ca: [KAFKA_CA] } : true }),
    ...(KAFKA_USERNAME &&
      KAFKA_PASSWORD && {
        sasl: { mechanism: 'scram-sha-512' as const, username: KAFKA_USERNAME, password: KAFKA_PASSWORD },
      }),
  };
}
