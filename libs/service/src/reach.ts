import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, ConfigError, type Fit, fitOf, isInfrastructure } from '@comanda/platform';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';

/**
 * Opens a data source as soon as its database answers: a service is often started together with its database.
 * @param options.patience for how many milliseconds one that cannot be reached is tried again
 * @throws ConfigError when that was in vain; at once what is wrong with the log-in or the name, or with anything if there is no patience
 */
export async function reach(
  source: DataSource,
  { patience, log }: { readonly patience: number; readonly log: Logger },
): Promise<void> {
  const until = performance.now() + patience;
  for (let rest = FIRST_REST; ; rest = Math.min(2 * rest, LONGEST_REST)) {
    try {
      await source.initialize();
      return;
    } catch (error) {
      if (patience === 0 || !isInfrastructure(error)) throw error;
      const why = error instanceof Error && error.message ? error.message : String(codeOf(error));
      if (performance.now() + rest > until)
        throw new ConfigError(
          `The database at ${placeOf(source)} could not be reached within ${patience / 1_000} seconds: ${why}.`,
        );
      log.warn({ why }, 'the database cannot be reached yet');
      await pause(rest);
    }
  }
}

/**
 * Waits until the schema is what the code needs: before that, what comes from the log would be parked as if it were to blame.
 * @param options.patience for how many milliseconds a migration that has not run yet is waited for; without it, not at all
 * @throws ConfigError when that was in vain; at once when the schema was contracted past the code, which it will never serve again
 */
export async function awaitSchema(
  source: DataSource,
  migrations: readonly { readonly name: string }[],
  { patience, log }: { readonly patience: number; readonly log: Logger },
): Promise<void> {
  const until = performance.now() + patience;
  for (let rest = FIRST_REST; ; rest = Math.min(2 * rest, LONGEST_REST)) {
    const fit: Fit = await fitOf(source, migrations);
    if (fit.state === 'contracted') throw new ConfigError(`${upper(fit.sentence)}.`);
    if (fit.state === 'fits' || patience === 0) return;
    if (performance.now() + rest > until)
      throw new ConfigError(`${upper(fit.sentence)}, not within ${patience / 1_000} seconds. Run comanda migrate.`);
    log.warn({ why: fit.sentence }, 'the schema is not there yet');
    await pause(rest);
  }
}

const upper = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

const FIRST_REST = 250;
const LONGEST_REST = 2_000;

/** Host and port alone: the rest of a URL is a secret. */
function placeOf({ options }: DataSource): string {
  const url = 'url' in options && typeof options.url === 'string' ? options.url : '';
  return URL.canParse(url) ? new URL(url).host : 'its address';
}
