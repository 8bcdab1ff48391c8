import type { ClientConfig } from 'pg';

/** Which connections are alike: same server, database, role and way to read values. */
export interface Target {
  readonly key: string;
  readonly database: string;
  readonly config: ClientConfig;
  /** Milliseconds that a session of it waits for a lock. */
  readonly lockTimeout: number;
}

/** What a client's configuration comes to, without the limits of real time: those are the simulated world's. */
export function targetOf(given: ClientConfig | string): Target {
  const config: ClientConfig = typeof given === 'string' ? { connectionString: given } : given;
  const url = config.connectionString ? new URL(config.connectionString) : undefined;
  const decoded = (text: string | undefined): string | undefined => (text ? decodeURIComponent(text) : undefined);
  const reached = {
    host: url?.hostname ?? config.host,
    port: Number(url?.port) || config.port,
    user: decoded(url?.username) ?? config.user,
    password: decoded(url?.password) ?? config.password,
    database: decoded(url?.pathname.slice(1)) ?? config.database,
  };
  const { host = '', port = 0, user = '', database = '' } = reached;
  const [, seconds] = /lock_timeout=(\d+)s/.exec(config.options ?? '') ?? [];
  return {
    key: `${user}@${host}:${port}/${database} ${config.types ? 'typed' : 'plain'}`,
    database,
    config: { ...reached, ...(config.types && { types: config.types }), pipeline: true } as ClientConfig,
    lockTimeout: seconds ? Number(seconds) * 1_000 : Infinity,
  };
}
