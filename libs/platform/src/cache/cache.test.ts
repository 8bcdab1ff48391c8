import { randomBytes } from 'node:crypto';
import { describeReal, eventually, startRedis, testLine, testRedis } from '@comanda/testing';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newId } from '../ids.js';
import { type Cache, CountedCache, MemoryCache, RedisCache } from './cache.js';
import { connectRedis } from './redis.js';

/** What both caches promise. `pass` lets time go by. */
function promises(open: () => Promise<{ cache: Cache; pass: (milliseconds: number) => Promise<void> }>): void {
  let cache: Cache;
  let pass: (milliseconds: number) => Promise<void>;
  let key: string;

  beforeEach(async () => {
    ({ cache, pass } = await open());
    key = newId();
  });

  test('what was kept is there, byte for byte, until it is replaced', async () => {
    const bytes = randomBytes(100_000);
    await cache.set(key, bytes, 60);
    expect((await cache.get(key))?.equals(bytes)).toBe(true);
    await cache.set(key, Buffer.from('menu 2'), 60);
    expect(await cache.get(key)).toEqual(Buffer.from('menu 2'));
    await cache.set(key, Buffer.alloc(0), 60);
    expect(await cache.get(key)).toEqual(Buffer.alloc(0));
  });

  test('what was never kept is not there', async () => {
    expect(await cache.get(key)).toBeUndefined();
  });

  test('what was deleted is gone, and deleting what is not there does no harm', async () => {
    await cache.set(key, Buffer.from('menu'), 60);
    await cache.set(`${key} 2`, Buffer.from('menu'), 60);
    await cache.delete(key, `${key} 2`, `${key} 3`);
    await cache.delete();
    expect([await cache.get(key), await cache.get(`${key} 2`)]).toEqual([undefined, undefined]);
  });

  test('what is too old is gone, also after part of a second', async () => {
    const young = `${key} young`;
    await cache.set(key, Buffer.from('menu'), 0.1);
    await cache.set(young, Buffer.from('menu'), 60);
    await pass(150);
    expect([await cache.get(key), await cache.get(young)]).toEqual([undefined, Buffer.from('menu')]);
  });
}

describe('a cache of this process', () => {
  promises(() => {
    let now = 0;
    return Promise.resolve({
      cache: new MemoryCache(1_000_000, () => now),
      pass: (milliseconds) => {
        now += milliseconds;
        return Promise.resolve();
      },
    });
  });

  test('drops what was used longest ago when it is full', async () => {
    const cache = new MemoryCache(3_000);
    for (const key of ['soup', 'pasta']) await cache.set(key, Buffer.alloc(1_000), 60);
    await cache.get('soup');
    await cache.set('tiramisu', Buffer.alloc(1_000), 60);
    expect([await cache.get('soup'), await cache.get('pasta'), await cache.get('tiramisu')]).toEqual([
      Buffer.alloc(1_000),
      undefined,
      Buffer.alloc(1_000),
    ]);
  });

  test('keeps nothing that is larger than all of it, and drops nothing for its sake', async () => {
    const cache = new MemoryCache(2_000);
    await cache.set('soup', Buffer.alloc(100), 60);
    await cache.set('banquet', Buffer.alloc(5_000), 60);
    expect([await cache.get('soup'), await cache.get('banquet')]).toEqual([Buffer.alloc(100), undefined]);
  });

  test('is bounded however small its entries are, and however often they change', async () => {
    const cache = new MemoryCache(100_000);
    for (let n = 0; n < 50_000; n++) await cache.set(`table ${n}`, Buffer.alloc(0), 60);
    const kept = [];
    for (let n = 0; n < 50_000; n++) if (await cache.get(`table ${n}`)) kept.push(n);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(500);
    for (let n = 0; n < 1_000; n++) await cache.set('table 49999', Buffer.alloc(n), 60);
    await cache.delete('table 49999');
    expect(await cache.get('table 49998')).toBeDefined();
  });
});

describe('a cache that is counted', () => {
  promises(() => {
    let now = 0;
    const pass = (milliseconds: number): Promise<void> => {
      now += milliseconds;
      return Promise.resolve();
    };
    return Promise.resolve({ cache: new CountedCache(new MemoryCache(1_000_000, () => now), new Registry()), pass });
  });

  test('says how often it had what it was asked for', async () => {
    const registry = new Registry();
    const cache = new CountedCache(new MemoryCache(), registry);
    await cache.get('menu');
    await cache.set('menu', Buffer.alloc(0), 60);
    for (const key of ['menu', 'menu', 'soup']) await cache.get(key);
    const said = await registry.metrics();
    expect(said).toContain('cache_reads_total{result="hit"} 2');
    expect(said).toContain('cache_reads_total{result="miss"} 2');
  });
});

describeReal('redis', 'a cache of all processes', () => {
  const connected = async (url: string): Promise<Redis> => {
    const redis = connectRedis(url);
    onTestFinished(() => redis.disconnect());
    if (redis.status !== 'ready') await new Promise((resolve) => redis.once('ready', resolve));
    return redis;
  };

  promises(async () => {
    const redis = await connected((await testRedis()).url);
    return {
      cache: new RedisCache(redis),
      // Redis has a clock of its own.
      async pass(milliseconds) {
        const until = performance.now() + milliseconds;
        while (performance.now() < until) await redis.ping();
      },
    };
  });

  test('shows another process what this one kept, and not another service', async () => {
    const { url } = await testRedis();
    const [one, other] = [await connected(url), await connected(url)];
    const key = newId();
    await new RedisCache(one, 'catalog:').set(key, Buffer.from('menu'), 60);
    expect(await new RedisCache(other, 'catalog:').get(key)).toEqual(Buffer.from('menu'));
    expect(await new RedisCache(other, 'orders:').get(key)).toBeUndefined();
  });

  test('misses at once while Redis is away, and hits when it is back', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const redis = await connected(server.url);
    const cache = new RedisCache(redis);
    await cache.set('menu', Buffer.from('menu'), 60);
    await server.stop();
    await eventually(() => redis.status !== 'ready', { within: 5_000 });
    expect(await cache.get('menu')).toBeUndefined();
    await cache.set('price', Buffer.from('an old one'), 60);
    await cache.delete('menu');
    const again = await startRedis({ port: Number(new URL(server.url).port) });
    onTestFinished(() => again.stop());
    await new Promise((resolve) => redis.once('ready', resolve));
    await cache.set('menu', Buffer.from('menu 2'), 60);
    expect(await cache.get('menu')).toEqual(Buffer.from('menu 2'));
    // Nothing was put off until then: by now it would be wrong.
    expect(await cache.get('price')).toBeUndefined();
  });

  test('misses within a moment when Redis says nothing at all', async () => {
    const line = await testLine((await testRedis()).url);
    const cache = new RedisCache(await connected(line.url));
    line.goDead();
    const asked = performance.now();
    expect(await cache.get('menu')).toBeUndefined();
    expect(performance.now() - asked).toBeLessThan(1_000);
  });

  test('connects anew when its Redis became a replica, which takes no writes', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const redis = await connected(server.url);
    await redis.replicaof('127.0.0.1', 1);
    const connectedAnew = new Promise((resolve) => redis.once('ready', resolve));
    await new RedisCache(redis).set('menu', Buffer.from('menu'), 60);
    await connectedAnew;
  });
});
