import type { Redis } from 'ioredis';

/** Keeps bytes for a while. Losing all of it must cost speed and nothing else: the truth is in PostgreSQL. */
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
    if (value.byteLength <= this.maxBytes) this.#keep(key, { value, until: this.clock() + seconds * 1000 });
    while (this.#bytes > this.maxBytes) this.#drop(this.#entries.keys().next().value ?? '');
    return Promise.resolve();
  }

  delete(...keys: string[]): Promise<void> {
    for (const key of keys) this.#drop(key);
    return Promise.resolve();
  }

  #keep(key: string, entry: { value: Buffer; until: number }): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.value.byteLength;
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.value.byteLength ?? 0;
    this.#entries.delete(key);
  }
}

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
    await this.redis.set(this.prefix + key, value, 'EX', seconds).catch(() => undefined);
  }

  async delete(...keys: string[]): Promise<void> {
    if (keys.length > 0) await this.redis.del(keys.map((key) => this.prefix + key)).catch(() => undefined);
  }
}
