import { homedir } from 'node:os';
import { join } from 'node:path';

/** Kafka's version; its jars are fetched by Maven once and kept in the cache. */
export const kafkaVersion = '4.4.0';

/**
 * Where downloads for tests are kept between runs and between checkouts: `COMANDA_CACHE`, else `comanda` in the user's
 * own cache folder.
 */
export function cacheFolder(): string {
  const own = process.env['COMANDA_CACHE'];
  return own ? own : join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'comanda');
}

/** Holds `libs/*.jar`, and a class archive per Java version, with which the broker starts in half the time. */
export function kafkaFolder(): string {
  return join(cacheFolder(), `kafka-${kafkaVersion}`);
}
