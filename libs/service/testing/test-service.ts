import { createServer, type Server } from 'node:http';
import {
  ALL_SCOPES,
  type Envelope,
  type EventDefinition,
  LocationPolicies,
  type LocationPoliciesChange,
  type Scope,
  SERVICES,
  topicOf,
} from '@comanda/contracts';
import { type EventLog, groupOf, PostgresLog, toRecord } from '@comanda/events';
import { apiKeyPepper, hashApiKey, mintApiKey, newId, type PlatformConfig } from '@comanda/platform';
import { migratedDatabase } from '@comanda/platform/testing';
import { eventually, testPostgres } from '@comanda/testing';
import pg from 'pg';
import { pino } from 'pino';
import supertest from 'supertest';
import { afterAll } from 'vitest';
import { type ServiceDefinition, schemaOf } from '../src/definition.js';
import { type Service, startService } from '../src/service.js';

/** An organization that the service under test knows, with one location and a key that may do everything. */
export interface TestOrganization {
  readonly id: string;
  readonly location: TestLocation;
  readonly key: string;
}

export interface TestLocation {
  readonly id: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** A service on true HTTP, a true PostgreSQL and a true event log, with two organizations. */
export interface TestService extends TestOrganization {
  readonly service: Service;
  /** Requests without a credential. */
  readonly http: supertest.Agent;
  /** Where it listens: `http://127.0.0.1:port`. */
  readonly url: string;
  /** Another organization, which must never see anything of the first. */
  readonly other: TestOrganization;
  /** The administrator's connection to the service's database: row security does not apply to it. */
  readonly sql: pg.Client;
  readonly environment: NodeJS.ProcessEnv;
  /** The log that it publishes to and hears from. */
  readonly eventLog: EventLog;
  /** Makes a key of the first organization, or of `organizationId`. */
  makeKey(options?: KeyOptions): Promise<string>;
  /** Makes one more location of the first organization. */
  makeLocation(location?: Partial<LocationFields>): Promise<TestLocation>;
  /** A request with the first organization's key and, for a write, an `Idempotency-Key` of its own. */
  call(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    options?: { key?: string; idempotencyKey?: string },
  ): supertest.Test;
  /** The events of one kind that the service has published, oldest first. */
  published<D extends EventDefinition>(definition: D): Promise<Published<D>[]>;
  /** Puts an event on the log as its service would, and waits until this service has dealt with it. */
  deliver<D extends EventDefinition>(
    definition: D,
    data: unknown,
    options?: Partial<Pick<Envelope, 'id' | 'organizationId' | 'aggregateVersion' | 'time' | 'recordedAt'>>,
  ): Promise<Envelope>;
  /** Waits until the service has dealt with everything on the log. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface KeyOptions {
  readonly organizationId?: string;
  readonly scopes?: readonly Scope[];
  readonly locationIds?: readonly string[] | null;
  readonly ratePerSecond?: number | null;
}

export interface Published<D extends EventDefinition> {
  readonly id: string;
  readonly organizationId: string;
  readonly subject: string;
  readonly version: number;
  readonly occurredAt: Date;
  readonly data: Envelope<D>['data'];
}

export const TEST_SECRET = 'a secret that only tests know, and long enough';

const running: (() => Promise<void>)[] = [];

// Registered as the file is read: hooks that a test file adds later run before it, and the databases are dropped after it.
afterAll(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

type LocationFields = {
  name: string;
  currency: string;
  timeZone: string;
  closingHour: number;
  jurisdiction: object;
  cashRounding: object | null;
  platformFee: object;
  policies: LocationPoliciesChange;
};

/** Starts a service for the tests of one file; it is stopped after them. `settings` are added to its environment. */
export async function testService(
  definition: ServiceDefinition,
  settings: Record<string, string> = {},
): Promise<TestService> {
  const secret = settings['COMANDA_SECRET'] ?? TEST_SECRET;
  const own = await migratedDatabase(definition.name, schemaOf(definition), secret);
  const environment: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    COMANDA_SECRET: secret,
    ...own.environment,
    ...settings,
  } satisfies Partial<Record<keyof PlatformConfig, string>> & NodeJS.ProcessEnv;
  const eventLog = await openLog();
  const service = await startService(definition, { environment, eventLog, log: pino({ level: 'silent' }) });
  const server: Server = createServer(service.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const sql = new pg.Client({ connectionString: own.urls.owner });
  await sql.connect();

  const pepper = apiKeyPepper(secret);
  const makeKey = async ({
    organizationId = id,
    scopes = ALL_SCOPES,
    locationIds = null,
    ratePerSecond = null,
  }: KeyOptions = {}): Promise<string> => {
    const { text, id: keyId } = mintApiKey(newId(), 'test');
    await sql.query(
      'insert into known_keys (id, organization_id, hash, scopes, location_ids, rate_per_second, version) values ($1, $2, $3, $4, $5, $6, 1)',
      [keyId, organizationId, hashApiKey(pepper, text), scopes, locationIds, ratePerSecond],
    );
    return text;
  };
  const makeLocation = async (fields: Partial<LocationFields> = {}, organizationId = id): Promise<TestLocation> => {
    const location = { ...LOCATION, ...fields };
    const locationId = newId();
    await sql.query(
      `insert into known_locations (id, organization_id, name, currency, time_zone, closing_hour, jurisdiction, cash_rounding, platform_fee, policies, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`,
      [
        locationId,
        organizationId,
        location.name,
        location.currency,
        location.timeZone,
        location.closingHour,
        JSON.stringify(location.jurisdiction),
        location.cashRounding && JSON.stringify(location.cashRounding),
        JSON.stringify(location.platformFee),
        JSON.stringify(LocationPolicies.parse(location.policies)),
      ],
    );
    return { id: locationId, currency: location.currency, timeZone: location.timeZone };
  };
  const makeOrganization = async (organizationId: string): Promise<TestOrganization> => {
    await sql.query(
      `insert into known_organizations (organization_id, name, mode, languages, version) values ($1, 'Chain', 'test', '{en,it}', 1)`,
      [organizationId],
    );
    return {
      id: organizationId,
      location: await makeLocation({}, organizationId),
      key: await makeKey({ organizationId }),
    };
  };
  const caughtUp = (): Promise<void> =>
    eventually(
      async () => {
        const positions = await eventLog.positions(groupOf(definition.name), service.events.topics);
        const behind = positions.filter(({ committed, end }) => committed < end);
        if (behind.length > 0) throw new Error(`The service is behind in ${behind.length} partitions.`);
      },
      { within: 10_000 },
    );

  const id = newId();
  const first = await makeOrganization(id);
  const other = await makeOrganization(newId());
  const url = `http://127.0.0.1:${port}`;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      server.closeAllConnections();
      server.close();
      await service.stop();
      await eventLog.close();
      await sql.end();
    })());
  running.push(stop);

  return {
    ...first,
    service,
    http: supertest.agent(url),
    url,
    other,
    sql,
    environment,
    eventLog,
    makeKey,
    makeLocation: (fields) => makeLocation(fields),
    call(method, path, { key = first.key, idempotencyKey = newId() } = {}) {
      const request = supertest(url)[method](path).set('authorization', `Bearer ${key}`);
      return method === 'post' ? request.set('idempotency-key', idempotencyKey) : request;
    },
    async published(definitionOf) {
      const { rows } = await sql.query(
        `select event_id as id, organization_id as "organizationId", subject, aggregate_version as version, occurred_at as "occurredAt", data
         from outbox where type = $1 order by id`,
        [definitionOf.type],
      );
      return rows;
    },
    async deliver(of, data, options = {}) {
      const now = new Date().toISOString();
      const event: Envelope = {
        id: newId(),
        type: of.type,
        source: `/comanda/${of.service}`,
        subject: String((data as Record<string, unknown>)[of.subject]),
        time: now,
        recordedAt: now,
        organizationId: id,
        aggregateVersion: 1,
        traceparent: null,
        data: data as Envelope['data'],
        ...options,
      };
      await eventLog.append([toRecord(of.topic, event, JSON.stringify(data))]);
      await caughtUp();
      return event;
    },
    caughtUp,
    stop,
  };
}

/** A log of its own, with the topics of all services. */
async function openLog(): Promise<PostgresLog> {
  const [postgres, topics] = [await testPostgres(), SERVICES.map(topicOf)];
  const logAt = (url: string): PostgresLog => new PostgresLog({ url, logger: pino({ level: 'silent' }) });
  const { name } = await postgres.template('log', topics.join(), async (url) => {
    const log = logAt(url);
    await log.createTopics(topics);
    await log.close();
  });
  return logAt((await postgres.createDatabase('log', name)).url);
}

const LOCATION: LocationFields = {
  name: 'Harbour',
  currency: 'USD',
  timeZone: 'America/Chicago',
  closingHour: 4,
  jurisdiction: { code: 'US-IL', roundingMode: 'half-up', roundingLevel: 'line', step: 1, inclusiveTarget: 'tax' },
  cashRounding: null,
  platformFee: { rate: 10_000, fixed: 10 },
  policies: {},
};
