import type { DataSource } from 'typeorm';

/** Whether a service should get requests now, and what keeps it from them: each check is `ok` or a reason. The event log is not asked: the outbox bridges it. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<'draining' | 'schema' | 'database', string>>;
}

/**
 * Tells whether a service is ready: not draining, its database answers, and the schema is at least what the code needs.
 * @param newest name of the newest migration that the code knows
 */
export class ReadinessCheck {
  draining = false;
  #schemaSeen = false;

  constructor(
    private readonly db: DataSource,
    private readonly newest: string,
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
      if (this.#schemaSeen) await this.db.query('select 1');
      else
        this.#schemaSeen =
          ((await this.db.query('select 1 from migrations where name = $1', [this.newest])) as unknown[]).length > 0;
      return { database: 'ok', schema: this.#schemaSeen ? 'ok' : 'the newest migration has not run' };
    } catch (error) {
      const missing = (error as { code?: string }).code === '42P01';
      return missing
        ? { database: 'ok', schema: 'nothing has been migrated' }
        : { database: 'the database does not answer', schema: 'unknown' };
    }
  }
}
