import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { kafkaFolder } from './cache.js';
import { findChromium } from './chromium.js';
import { findHelm } from './helm.js';
import { findJava, runsKafka } from './java.js';
import { pythonCommand, pythonFolder } from './python.js';
import { whyNoStripeMock } from './stripe-mock.js';

/** What a test may need that not every machine has. PostgreSQL is not among them: it comes with the packages. */
export type Real = keyof typeof lookFor;

const lookFor = {
  kafka: whyNoKafka,
  redis: whyNoRedis,
  python: whyNoPython,
  chromium: whyNoChromium,
  'stripe-mock': whyNoStripeMock,
  promtool: whyNoPromtool,
  prometheus: whyNoPrometheus,
  amtool: whyNoAmtool,
  helm: whyNoHelm,
} as const;

export const REALS = Object.keys(lookFor) as readonly Real[];

const given: Readonly<Partial<Record<Real, string>>> = {
  kafka: 'COMANDA_TEST_KAFKA_BROKERS',
  redis: 'COMANDA_TEST_REDIS_URL',
  python: 'COMANDA_TEST_PYTHON',
  chromium: 'COMANDA_TEST_CHROMIUM',
};

/** Why tests cannot have this here, and what would help, in one sentence; undefined when they can. */
export function whyMissing(what: Real): string | undefined {
  if (process.env[given[what] ?? '']) return undefined;
  // The whole run has looked already, and may know more: why a download failed, for one.
  return process.env[noteOf(what)] ?? lookFor[what]();
}

/** Where in the environment the whole run leaves its reason for tests to find. */
export function noteOf(what: Real): string {
  return `COMANDA_TEST_NO_${what.toUpperCase().replace('-', '_')}`;
}

function whyNoKafka(): string | undefined {
  const java = findJava();
  if (!java) return 'there is no Java 17 to run a broker: install Java and Maven, or set KAFKA_BROKERS';
  if (!runsKafka(java))
    return `Java ${java.version} is too old for a broker (17 is needed): update it, or set KAFKA_BROKERS`;
  if (!existsSync(join(kafkaFolder(), 'libs'))) {
    return "Kafka's jars are not in the cache: `npm test` fetches them by Maven, or set KAFKA_BROKERS";
  }
  return undefined;
}

function whyNoRedis(): string | undefined {
  const { status } = spawnSync('redis-server', ['--version']);
  return status === 0 ? undefined : 'there is no redis-server: install it, or set REDIS_URL';
}

function whyNoPromtool(): string | undefined {
  const { status } = spawnSync('promtool', ['--version']);
  return status === 0 ? undefined : 'there is no promtool: install Prometheus';
}

function whyNoPrometheus(): string | undefined {
  const { status } = spawnSync('prometheus', ['--version']);
  return status === 0 ? undefined : 'there is no Prometheus: install it';
}

function whyNoAmtool(): string | undefined {
  const { status } = spawnSync('amtool', ['--version']);
  return status === 0 ? undefined : 'there is no amtool: install the Prometheus Alertmanager';
}

function whyNoHelm(): string | undefined {
  return findHelm() ? undefined : 'there is no Helm: install it, or have `REQUIRE_REAL=1 npm test` fetch it';
}

function whyNoPython(): string | undefined {
  return existsSync(join(pythonFolder(), 'ready')) && existsSync(pythonCommand())
    ? undefined
    : 'the Python packages are not in the cache: `npm test` installs them where there is Python 3';
}

function whyNoChromium(): string | undefined {
  return findChromium() ? undefined : 'there is no Chromium: install it';
}
