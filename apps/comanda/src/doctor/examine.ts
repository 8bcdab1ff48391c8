import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { SERVICES, topicOf } from '@comanda/contracts';
import { type DeadLetter, deadLetters, groupOf } from '@comanda/events';
import { connect, createLog, databaseUrls, fitOf, rolePassword } from '@comanda/platform';
import { openEventLog, schemaOf } from '@comanda/service';
import { waitsIn } from '../cli/lag.js';
import type { Home, Runtime } from '../platform/home.js';
import { services } from '../platform/services.js';
import { openSources } from '../platform/sources.js';
import { secretsIn } from './redact.js';

/** What was found of one thing, or why it could not be looked at: one that is broken must not hide the others. */
export type Looked<T> = T | { readonly failed: string };

/** The machine and the programs. */
export function machine(home: Home): Promise<Looked<object>> {
  return looked(async () => {
    const disk = await statfs(home.folder).catch(() => statfs('.'));
    return {
      node: process.version,
      system: `${process.platform} ${release()} ${process.arch}`,
      processors: availableParallelism(),
      load: loadavg(),
      memory: { total: totalmem(), free: freemem() },
      disk: { total: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize },
    };
  });
}

/** Which settings are set. Only what can be no secret is told with its value. */
export function settings(environment: NodeJS.ProcessEnv): Record<string, string> {
  const ours = Object.entries(environment).filter(([name]) => OURS.test(name));
  return Object.fromEntries(ours.map(([name, value = '']) => [name, HARMLESS.has(name) ? value : 'is set']));
}

/** What the running platform says of itself. */
export function health(running: Runtime | undefined): Promise<Looked<unknown>> {
  return looked(async () => {
    if (!running) return { running: false };
    const answer = await fetch(`${running.baseUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    return { running: true, status: answer.status, ...((await answer.json()) as object) };
  });
}

/** Versions, sizes and schemas of the databases. */
export async function databases(environment: NodeJS.ProcessEnv): Promise<Record<string, Looked<object>>> {
  const all = services.map(async (service) => {
    const state = await looked(async () => {
      const { migrations } = schemaOf(service);
      const database = connect(databaseUrls(service.name, environment).app, { name: 'doctor', pool: 1 });
      await database.initialize();
      try {
        const [about] = await database.query<object[]>(ABOUT);
        return { ...about, schema: await fitOf(database, migrations) };
      } finally {
        await database.destroy();
      }
    });
    return [service.name, state] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** How far everything is behind, and what was parked. */
export function flow(environment: NodeJS.ProcessEnv): Promise<Looked<object>> {
  return looked(async () => {
    const log = openEventLog(environment, { clientId: 'doctor', log: createLog('doctor', 'silent') });
    const sources = openSources(environment, log);
    try {
      const waits = await waitsIn(sources);
      const letters = await deadLetters(log, SERVICES.map(topicOf));
      return {
        waits: waits.filter(({ events }) => events > 0),
        parked: SERVICES.map((name) => parkedBy(name, letters)),
      };
    } finally {
      await sources.close();
      await log.close();
    }
  });
}

/** Every secret of this installation that we know of: none of them may be in what is told. */
export async function knownSecrets(home: Home, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const kept = await Promise.all(
    [join(home.folder, 'secret'), join(home.postgres, 'password')].map((file) =>
      readFile(file, 'utf8').catch(() => ''),
    ),
  );
  const demo = await home.demo.read().catch(() => undefined);
  const secret = environment['COMANDA_SECRET'] ?? '';
  const derived = services.flatMap(({ name }) => {
    const database = `${environment['DATABASE_PREFIX'] ?? 'comanda_'}${name}`;
    return ['app', 'worker', 'auditor'].map((role) => rolePassword(secret, `${database}_${role}`));
  });
  return [...secretsIn(environment), ...kept.map((text) => text.trim()), demo?.apiKey ?? '', ...derived];
}

const OURS =
  /^(COMANDA|DATABASE|KAFKA|REDIS|JWT|RATE|REQUESTS|LOG|NODE_ENV|PORT|HOST$|OTEL|PAYMENT|STRIPE|SANDBOX|WEBHOOK|CATALOG)|_DATABASE_URL$/;
const HARMLESS: ReadonlySet<string> = new Set([
  'PORT',
  'HOST',
  'NODE_ENV',
  'LOG_LEVEL',
  'DATABASE_POOL',
  'DATABASE_PREFIX',
  'REQUESTS_AT_ONCE',
  'RATE_LIMIT_PER_SECOND',
  'RATE_LIMIT_ORGANIZATION_PER_SECOND',
]);

const ABOUT = `
  select current_setting('server_version') as postgres, pg_database_size(current_database()) as bytes,
    (select count(*)::int from pg_stat_activity where datname = current_database()) as sessions,
    pg_is_in_recovery() as recovering`;

function parkedBy(service: (typeof SERVICES)[number], letters: readonly DeadLetter[]): object {
  const theirs = letters.filter(({ group, replayedAt }) => group === groupOf(service) && !replayedAt);
  return { service, waiting: theirs.length, newest: theirs.at(-1)?.error ?? null };
}

async function looked<T>(look: () => Promise<T>): Promise<Looked<T>> {
  try {
    return await look();
  } catch (error) {
    return { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
