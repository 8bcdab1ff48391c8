import { Redis } from 'ioredis';

/** Connects to Redis so that its absence is felt for a moment only: nothing queues, no command waits longer than 200 ms. */
export function connectRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 200,
    connectTimeout: 2_000,
    // A server that was made a replica takes no writes: connect anew, perhaps to another.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: (tries) => Math.min(tries * 100, 2_000),
  });
  // Every caller has a fall-back; without a listener a lost connection would end the process.
  redis.on('error', () => undefined);
  return redis;
}
