import { describeReal, startRedis, testRedis } from '@comanda/testing';
import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { connectRedis } from '../cache/redis.js';
import { newId } from '../ids.js';
import { LocalRateLimiter, type RateLimiter, RedisRateLimiter } from './rate-limit.js';

interface Opened {
  readonly limiter: RateLimiter;
  /** Lets time go by for a bucket. */
  readonly pass: (milliseconds: number, bucket: string) => Promise<unknown>;
}

/** What both limiters promise. */
function promises(open: () => Promise<Opened>): void {
  let limiter: RateLimiter;
  let pass: Opened['pass'];
  let bucket: string;

  beforeEach(async () => {
    ({ limiter, pass } = await open());
    bucket = newId();
  });

  test('a full bucket gives a burst, and then nothing', async () => {
    const taken = [];
    for (let n = 0; n < 5; n++) taken.push(await limiter.take(bucket, 1, 4));
    expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, true, false]);
    expect(taken.map(({ remaining }) => remaining)).toEqual([3, 2, 1, 0, 0]);
    expect(taken.at(-1)).toMatchObject({ limit: 4, retryAfter: 1 });
  });

  test('it holds two seconds of what flows in, where nobody says otherwise', async () => {
    expect(await limiter.take(bucket, 7)).toMatchObject({ allowed: true, limit: 14, remaining: 13, retryAfter: 0 });
  });

  test('it fills up again at its rate, and never over its brim', async () => {
    const take = async () => (await limiter.take(bucket, 0.1, 4)).allowed;
    for (let n = 0; n < 4; n++) await take();
    expect(await take()).toBe(false);
    await pass(10_000, bucket);
    expect([await take(), await take()]).toEqual([true, false]);
    await pass(1_000_000, bucket);
    expect((await limiter.take(bucket, 0.1, 4)).remaining).toBe(3);
  });

  test('buckets do not share', async () => {
    await limiter.take(bucket, 1, 1);
    expect((await limiter.take(bucket, 1, 1)).allowed).toBe(false);
    expect((await limiter.take(`${bucket} too`, 1, 1)).allowed).toBe(true);
  });

  test('many at once take no more than there is', async () => {
    const taken = await Promise.all(Array.from({ length: 50 }, () => limiter.take(bucket, 1, 10)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10);
  });
}

describe('a limiter of this process', () => {
  promises(() => {
    let now = 0;
    return Promise.resolve({
      limiter: new LocalRateLimiter(() => now),
      pass: (milliseconds) => {
        now += milliseconds;
        return Promise.resolve();
      },
    });
  });

  test('says to the second when to come back', async () => {
    const limiter = new LocalRateLimiter(() => 0);
    await limiter.take('tills', 0.1, 1);
    expect((await limiter.take('tills', 0.1, 1)).retryAfter).toBe(10);
  });

  test('forgets the bucket that was used longest ago before it holds too many', async () => {
    const limiter = new LocalRateLimiter(() => 0);
    await limiter.take('first', 1, 1);
    await limiter.take('second', 1, 1);
    await limiter.take('first', 1, 1);
    for (let n = 0; n < 9_999; n++) await limiter.take(`guest ${n}`, 1, 1);
    expect((await limiter.take('first', 1, 1)).allowed).toBe(false);
    expect((await limiter.take('second', 1, 1)).allowed).toBe(true);
  });
});

describeReal('redis', 'a limiter of all processes', () => {
  const connected = async (url: string): Promise<Redis> => {
    const redis = connectRedis(url);
    onTestFinished(() => redis.disconnect());
    if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
    return redis;
  };

  promises(async () => {
    const redis = await connected((await testRedis()).url);
    return {
      limiter: new RedisRateLimiter(redis),
      // Redis has a clock of its own: what moves is the moment it remembers.
      pass: (milliseconds, bucket) => redis.hincrbyfloat(`rate:${bucket}`, 'at', -milliseconds),
    };
  });

  test('counts what another process takes', async () => {
    const { url } = await testRedis();
    const [one, other] = [new RedisRateLimiter(await connected(url)), new RedisRateLimiter(await connected(url))];
    const bucket = newId();
    const taken = await Promise.all(Array.from({ length: 30 }, (_, n) => (n % 2 ? one : other).take(bucket, 1, 10)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  test('leaves nothing behind for a bucket that is full again', async () => {
    const redis = await connected((await testRedis()).url);
    const bucket = newId();
    await new RedisRateLimiter(redis).take(bucket, 2, 4);
    expect(await redis.pttl(`rate:${bucket}`)).toBeGreaterThan(2_000);
    expect(await redis.pttl(`rate:${bucket}`)).toBeLessThanOrEqual(3_000);
  });

  test('goes on in this process while Redis is away, and together again when it is back', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const redis = await connected(server.url);
    const limiter = new RedisRateLimiter(redis);
    const bucket = newId();
    const take = async (n: number) =>
      (await Promise.all(Array.from({ length: n }, () => limiter.take(bucket, 1, 10)))).filter(({ allowed }) => allowed)
        .length;
    expect(await take(20)).toBe(10);
    await server.stop();
    expect(await take(20)).toBe(10);
    expect(await take(20)).toBe(0);
    const again = await startRedis({ port: Number(new URL(server.url).port) });
    onTestFinished(() => again.stop());
    await new Promise((resolve) => redis.once('ready', resolve));
    expect(await take(20)).toBe(10);
  });
});
