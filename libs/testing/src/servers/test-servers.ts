import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '@comanda/embedded';

import { startKafka } from './kafka.js';
import { startRedis } from './redis.js';

/** A server that need not survive a crash: what it would do against one, it leaves. */
const FORGETFUL = {
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  shared_buffers: '256MB',
  max_connections: 500,
};

/**
 * The servers that tests share. Each is started when it is first asked for, on a free port and in a folder that goes
 * away with it. Nothing on them survives a crash: they are for tests.
 */
export class TestServers {
  readonly #started: { [name in 'postgres' | 'kafka' | 'redis']?: Promise<{ at: string; stop(): Promise<void> }> } = {};

  /** The administrator's URL. */
  async postgres(): Promise<string> {
    this.#started.postgres ??= inFolder(async (folder) => {
      const server = await startEmbeddedPostgres({
        folder: join(folder, 'postgres'),
        settings: FORGETFUL,
      });
      return { at: server.url, stop: () => server.stop() };
    });
    return (await this.#started.postgres).at;
  }

  /** As `KAFKA_BROKERS` takes them. */
  async kafka(): Promise<string> {
    this.#started.kafka ??= inFolder(async (folder) => {
      const server = await startKafka({ folder: join(folder, 'kafka') });
      return { at: server.brokers, stop: () => server.stop() };
    });
    return (await this.#started.kafka).at;
  }

  async redis(): Promise<string> {
    this.#started.redis ??= startRedis().then((server) => ({ at: server.url, stop: () => server.stop() }));
    return (await this.#started.redis).at;
  }

  /** Stops what was started. */
  async stop(): Promise<void> {
    const starts = await Promise.allSettled(Object.values(this.#started));
    const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? start.value : []));
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function inFolder<T extends { stop(): Promise<void> }>(start: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-test-'));
  await chmod(folder, 0o755); // PostgreSQL may run as a user of its own
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await start(folder);
    return {
      ...server,
      async stop() {
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
