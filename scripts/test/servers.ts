import { findChromium, noteOf, pythonCommand, REALS, TestServers } from '@comanda/testing/servers';
import type { Real } from '@comanda/testing/servers';

import { showing } from '../launch/progress.mjs';

/**
 * Starts one of each server for all tests of the run, does the work with their addresses in its environment, and stops
 * them however the work ends. Servers of the user's own (`KAFKA_BROKERS`, `REDIS_URL`) are used instead.
 */
export async function withServers<T>(
  missing: ReadonlyMap<Real, string>,
  work: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const servers = new TestServers();
  try {
    const [postgres, kafka, redis] = await showing(process.stdout, 'starting the servers for tests', () =>
      Promise.all([
        servers.postgres(),
        missing.has('kafka') ? undefined : (process.env['KAFKA_BROKERS'] ?? servers.kafka()),
        missing.has('redis') ? undefined : (process.env['REDIS_URL'] ?? servers.redis()),
      ]),
    );
    const real = ['postgres', ...REALS.filter((what) => !missing.has(what))];
    return await work({
      ...withoutPlatformSettings(process.env),
      COMANDA_TEST_REAL: real.join(','), // what the results depend on, for Nx: which servers there were, not where
      COMANDA_TEST_POSTGRES_URL: postgres,
      COMANDA_TEST_KAFKA_BROKERS: kafka,
      COMANDA_TEST_REDIS_URL: redis,
      COMANDA_TEST_PYTHON: missing.has('python') ? undefined : pythonCommand(),
      COMANDA_TEST_CHROMIUM: missing.has('chromium') ? undefined : findChromium(),
      ...Object.fromEntries([...missing].map(([what, why]) => [noteOf(what), why])),
    });
  } finally {
    await servers.stop();
  }
}

/** The environment without what would lead the platform under test to somebody's own servers and data. */
export function withoutPlatformSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const leads = /^(KAFKA_BROKERS|REDIS_URL|.*DATABASE_URL|COMANDA_HOME|PORT|STRIPE_\w+)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !leads.test(name)));
}
