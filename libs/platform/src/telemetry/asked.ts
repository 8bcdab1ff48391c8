import { setTimeout as pause } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';

/** A gauge of something that is asked for. */
export interface Asked<Answer> {
  readonly name: string;
  readonly help: string;
  readonly read: (answer: Answer) => number;
}

/**
 * Gauges of what has to be asked for, mostly of a database, when the registry is scraped: once for all of them, and for all
 * scrapes that come meanwhile. While there is no answer they stay as they were; a scrape waits for a moment only.
 */
export function measureAsked<Answer>(
  registry: Registry,
  ask: () => Promise<Answer>,
  gauges: readonly Asked<Answer>[],
): void {
  let asking: Promise<Answer | undefined> | undefined;
  const answer = (): Promise<Answer | undefined> =>
    (asking ??= ask()
      .catch(() => undefined)
      .finally(() => (asking = undefined)));
  for (const { name, help, read } of gauges) {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        const said = await within(PATIENCE, answer());
        if (said !== undefined) this.set(read(said));
      },
    });
    registry.registerMetric(gauge);
  }
}

/** Milliseconds; who scrapes gives up after ten seconds, and would then know nothing at all. */
const PATIENCE = 2_000;

async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T | undefined> {
  const enough = new AbortController();
  const nothing = pause(milliseconds, undefined, { signal: enough.signal }).catch(() => undefined);
  try {
    return await Promise.race([answer, nothing]);
  } finally {
    enough.abort();
  }
}
