import type { Redis } from 'ioredis';

/** What a bucket says of one request. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until one more request is allowed. */
  readonly retryAfter: number;
}

/** Token buckets by name: `rate` requests a second flow in, up to `burst`. */
export interface RateLimiter {
  take(bucket: string, rate: number, burst?: number): Promise<Allowance>;
}

/** Buckets of this process; the whole platform's where there is only one. */
export class LocalRateLimiter implements RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly clock: () => number = () => performance.now()) {}

  take(bucket: string, rate: number, burst = rate * 2): Promise<Allowance> {
    const now = this.clock();
    const { tokens, at } = this.#buckets.get(bucket) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + ((now - at) / 1000) * rate);
    const allowed = filled >= 1;
    const left = allowed ? filled - 1 : filled;
    this.#buckets.delete(bucket);
    this.#buckets.set(bucket, { tokens: left, at: now });
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return Promise.resolve(toAllowance(allowed, left, rate, burst));
  }
}

/** Buckets that all processes share. When Redis is away each process falls back to its own. */
export class RedisRateLimiter implements RateLimiter {
  readonly #local = new LocalRateLimiter();

  readonly #redis: Buckets;

  constructor(redis: Redis) {
    // Sent once; from then on by its hash.
    redis.defineCommand('takeFromBucket', { numberOfKeys: 1, lua: TAKE });
    this.#redis = redis as Buckets;
  }

  async take(bucket: string, rate: number, burst = rate * 2): Promise<Allowance> {
    try {
      const [allowed, milliTokens] = await this.#redis.takeFromBucket(`rate:${bucket}`, rate, burst);
      return toAllowance(allowed === 1, milliTokens / 1000, rate, burst);
    } catch {
      return this.#local.take(bucket, rate, burst);
    }
  }
}

/** Redis with our command. */
type Buckets = Redis & {
  takeFromBucket(key: string, rate: number, burst: number): Promise<[allowed: number, milliTokens: number]>;
};

const MAX_BUCKETS = 10_000;

function toAllowance(allowed: boolean, tokens: number, rate: number, burst: number): Allowance {
  return {
    allowed,
    limit: burst,
    remaining: Math.floor(tokens),
    retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / rate)),
  };
}

// The server's clock, so that processes with different clocks share one bucket.
const TAKE = `
local now = redis.call('time')
local ms = now[1] * 1000 + now[2] / 1000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local bucket = redis.call('hmget', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1] or burst), tonumber(bucket[2] or ms)
tokens = math.min(burst, tokens + math.max(0, ms - at) / 1000 * rate)
local allowed = 0
if tokens >= 1 then allowed = 1 tokens = tokens - 1 end
redis.call('hset', KEYS[1], 'tokens', tokens, 'at', ms)
redis.call('pexpire', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return { allowed, math.floor(tokens * 1000) }`;
