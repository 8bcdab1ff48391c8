import type { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';

/**
 * Keeps bytes for a while. Losing all of it must cost speed and nothing else: the truth is in PostgreSQL.
 * What it gives may be shared with others: read it, never write into it.
 */
export interface Cache {
  get(key: string): Promise<Buffer | undefined>;
  set(key: string, value: Buffer, seconds: number): Promise<void>;
  delete(...keys: string[]): Promise<void>;
}

/** A cache of this process, bounded by bytes; the oldest use goes first. */
export class MemoryCache implements Cache {
  readonly #entries = new Map<string, { value: Buffer; until: number }>();
  #bytes = 0;

  constructor(
    private readonly maxBytes = 64 * 1024 * 1024,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  get(key: string): Promise<Buffer | undefined> {
    const entry = this.#entries.get(key);
    if (!entry) return Promise.resolve(undefined);
    this.#drop(key);
    if (entry.until <= this.clock()) return Promise.resolve(undefined);
    this.#keep(key, entry);
    return Promise.resolve(entry.value);
  }

  set(key: string, value: Buffer, seconds: number): Promise<void> {
    this.#drop(key);
    if (sizeOf(key, value) <= this.maxBytes) this.#keep(key, { value, until: this.clock() + seconds * 1000 });
    while (this.#bytes > this.maxBytes) this.#drop(this.#entries.keys().next().value ?? '');
    return Promise.resolve();
  }

  delete(...keys: string[]): Promise<void> {
    for (const key of keys) this.#drop(key);
    return Promise.resolve();
  }

  #keep(key: string, entry: { value: Buffer; until: number }): void {
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(key, entry.value);
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#bytes -= sizeOf(key, entry.value);
    this.#entries.delete(key);
  }
}

/** With what keeping an entry costs, so that a million empty ones are not free. */
const sizeOf = (key: string, value: Buffer): number => value.byteLength + 2 * key.length + 200;

/** A cache that all processes share. While Redis is away every read misses and every write is dropped. */
export class RedisCache implements Cache {
  constructor(
    private readonly redis: Redis,
    private readonly prefix = 'comanda:',
  ) {}

  async get(key: string): Promise<Buffer | undefined> {
    return (await this.redis.getBuffer(this.prefix + key).catch(() => null)) ?? undefined;
  }

  async set(key: string, value: Buffer, seconds: number): Promise<void> {
    await this.redis.set(this.prefix + key, value, 'PX', Math.ceil(seconds * 1000)).catch(() => undefined);
  }

  async delete(...keys: string[]): Promise<void> {
    if (keys.length > 0) await this.redis.del(keys.map((key) => this.prefix + key)).catch(() => undefined);
  }
}

/** Counts how often a cache has what it is asked for. */
export class CountedCache implements Cache {
  readonly #reads: Counter<'result'>;

  constructor(
    private readonly cache: Cache,
    registry: Registry,
  ) {
    this.#reads = new Counter({
      name: 'cache_reads_total',
      help: 'Reads of the cache, by whether it had what was asked for.',
      labelNames: ['result'],
      registers: [registry],
    });
  }

  async get(key: string): Promise<Buffer | undefined> {
    const value = await this.cache.get(key);
    this.#reads.inc({ result: value ? 'hit' : 'miss' });
    return value;
  }

  set(key: string, value: Buffer, seconds: number): Promise<void> {
    return this.cache.set(key, value, seconds);
  }

  delete(...keys: string[]): Promise<void> {
    return this.cache.delete(...keys);
  }
}
