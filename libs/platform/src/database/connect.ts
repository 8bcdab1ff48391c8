import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { ConfigError, postgresUrl } from '../config.js';
import { deriveKey } from '../secrets.js';
import { PATIENCE } from './patience.js';
import { appRole, auditorRole, workerRole } from './tenancy.js';

/** Where a database is, for each of the three who use it. */
export interface DatabaseUrls {
  readonly database: string;
  /** Makes the database and its roles and migrates; absent where only the service's own two log-ins are given. */
  readonly owner: string | undefined;
  /** Serves requests: sees one organization at a time. */
  readonly app: string;
  /** Relays, sweeps and looks keys up: sees all organizations, in the few tables open to it. */
  readonly worker: string;
  /** Reads everything, writes nothing. */
  readonly auditor: string;
}

/**
 * Finds a database in the environment. `<NAME>_APP_DATABASE_URL`, `<NAME>_WORKER_DATABASE_URL` and
 * `<NAME>_AUDITOR_DATABASE_URL` are used as they are; else the roles' log-ins are derived from `COMANDA_SECRET`, on the server of `<NAME>_DATABASE_URL`, or of
 * `DATABASE_URL` (there the database is called `<DATABASE_PREFIX><name>`, by default `comanda_<name>`).
 * @throws ConfigError when none of them is set, one is no PostgreSQL URL or names no database, or a log-in cannot be derived
 */
export function databaseUrls(name: string, environment: NodeJS.ProcessEnv): DatabaseUrls {
  const read = (variable: string): URL | undefined => {
    const text = environment[variable];
    if (!text) return undefined;
    const parsed = postgresUrl.safeParse(text);
    if (!parsed.success)
      throw new ConfigError(
        `The configuration is wrong. ${variable}: ${parsed.error.issues[0]?.message ?? 'is no URL'}`,
      );
    return new URL(text);
  };
  const NAME = name.toUpperCase().replaceAll('-', '_');
  const own = read(`${NAME}_DATABASE_URL`);
  const server = own ?? read('DATABASE_URL');
  const [app, worker, auditor] = [
    read(`${NAME}_APP_DATABASE_URL`),
    read(`${NAME}_WORKER_DATABASE_URL`),
    read(`${NAME}_AUDITOR_DATABASE_URL`),
  ];
  if (!server && !(app && worker))
    throw new ConfigError(`The configuration is wrong. ${NAME}_DATABASE_URL or DATABASE_URL: must be set`);
  const owner = own ?? (server && atDatabase(server, `${environment['DATABASE_PREFIX'] ?? 'comanda_'}${name}`));
  const known = app ?? owner;
  if (!known) throw new ConfigError(`The configuration is wrong. ${NAME}_DATABASE_URL: must be set`);
  const database = databaseOf(known);
  if (!database || Buffer.byteLength(database) > LONGEST_NAME)
    throw new ConfigError(
      `The configuration is wrong. ${app ? `${NAME}_APP_DATABASE_URL` : `${NAME}_DATABASE_URL`}: must name a database, in at most ${LONGEST_NAME} bytes`,
    );
  const secret = environment['COMANDA_SECRET'] ?? '';
  if (!(app && worker) && !secret) throw new ConfigError('The configuration is wrong. COMANDA_SECRET: must be set');
  const as = (role: string): string => asRole(known, role, secret).href;
  return {
    database,
    owner: owner?.href,
    app: app?.href ?? as(appRole(database)),
    worker: worker?.href ?? as(workerRole(database)),
    auditor: auditor?.href ?? as(auditorRole(database)),
  };
}

/** PostgreSQL cuts a longer name of a role off, and roles are called `<database>_auditor`. */
const LONGEST_NAME = 63 - '_auditor'.length;

/** The password of a role whose log-in is derived, from the root secret. */
export const rolePassword = (secret: string, role: string): string =>
  deriveKey(secret, `database:${role}`).toString('base64url');

const databaseOf = (url: URL): string => decodeURIComponent(url.pathname.slice(1));

function atDatabase(server: URL, database: string): URL {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url;
}

function asRole(server: URL, role: string, secret: string): URL {
  const url = new URL(server);
  url.username = role;
  url.password = rolePassword(secret, role);
  return url;
}

type Entities = MixedList<Function | string | EntitySchema>;

/**
 * A data source for one role: short pools, every wait bounded, whole numbers as numbers and days as text. Sums of whole
 * numbers are `numeric` to PostgreSQL and come as text: cast them to `bigint`.
 * @param options.statementTimeout how long the server works on one statement, as `500ms`, `15s` (the default) or `10min`
 */
export function connect(
  url: string,
  options: { name: string; entities?: Entities; pool?: number; statementTimeout?: string },
): DataSource {
  const { statementTimeout = '15s' } = options;
  return new DataSource({
    type: 'postgres',
    url,
    entities: options.entities ?? [],
    synchronize: false,
    migrationsRun: false,
    // What fails is thrown; TypeORM would print it as well.
    logger: 'debug',
    applicationName: options.name,
    poolSize: options.pool ?? 10,
    // The pool replaces what it loses; whoever was using the connection gets the error itself.
    poolErrorHandler: () => undefined,
    extra: {
      Client: Connection,
      pipeline: true,
      connectionTimeoutMillis: PATIENCE,
      // A server that says nothing at all has gone without a word: the connection is dropped.
      query_timeout: milliseconds(statementTimeout) + 5_000,
      keepAlive: true,
      types: { getTypeParser },
      options: `-c lock_timeout=${PATIENCE / 1_000}s -c statement_timeout=${statementTimeout} -c idle_in_transaction_session_timeout=30s`,
    },
  });
}

/**
 * What is cut while the pool hands it over, when its ears are off and nobody else's are on yet, would end the process. Whoever
 * uses it next is told.
 */
class Connection extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000 };

function milliseconds(duration: string): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|min)$/.exec(duration) ?? [];
  const factor = UNITS[unit];
  if (!factor) throw new Error(`${duration} is no duration such as 500ms, 15s or 10min.`);
  return Number(amount) * factor;
}

const INT8 = 20;
const DATE = 1082;

/** `bigint` as a number, refused where it would lose digits; `date` as the text it is. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8) return safeInteger;
  if (oid === DATE) return (text: string) => text;
  return pg.types.getTypeParser(oid, format as 'text');
}

function safeInteger(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n)) throw new RangeError('A whole number from the database is too large to be exact.');
  return n;
}
