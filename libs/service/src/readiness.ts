import { fitOf } from '@comanda/platform';
import type { DataSource } from 'typeorm';

/** Whether a service should get requests now, and what keeps it from them: each check is `ok` or a reason. The event log is not asked: the outbox bridges it. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<'draining' | 'schema' | 'database', string>>;
}

/**
 * Tells whether a service is ready: not draining, its database answers, and the schema is at least what the code needs and not
 * contracted past it.
 * @param migrations all that the code knows, oldest first
 * @param contracted told once, in a sentence, when the schema turns out to have been contracted past the code
 */
export class ReadinessCheck {
  draining = false;
  #told = false;

  constructor(
    private readonly db: DataSource,
    private readonly migrations: readonly { readonly name: string }[],
    private readonly contracted: (sentence: string) => void,
  ) {}

  async check(): Promise<Readiness> {
    const draining = this.draining ? 'the service is shutting down' : 'ok';
    const { database, schema } = await this.#ask();
    return {
      ready: [draining, database, schema].every((state) => state === 'ok'),
      checks: { draining, schema, database },
    };
  }

  async #ask(): Promise<{ database: string; schema: string }> {
    try {
      const fit = await fitOf(this.db, this.migrations);
      if (fit.state === 'contracted' && !this.#told) {
        this.#told = true;
        this.contracted(fit.sentence);
      }
      return { database: 'ok', schema: fit.state === 'fits' ? 'ok' : fit.sentence };
    } catch {
      return { database: 'the database does not answer', schema: 'unknown' };
    }
  }
}
