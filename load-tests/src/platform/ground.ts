import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchPostgres, openPostgres } from './postgres.js';

/** What a run stands on: a folder and a database server. All of it is stopped and removed at its end, the last thing first. */
export class Ground implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly postgres: BenchPostgres,
    private readonly stack: AsyncDisposableStack,
  ) {}

  /** @throws BenchFailure, EmbeddedPostgresError: one sentence why there is nothing to stand on */
  static async open(name: string, progress: (step: string) => void): Promise<Ground> {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), `comanda-${name}-`));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755); // PostgreSQL runs as a user of its own where we are root
    const postgres = await openPostgres(folder, progress);
    stack.defer(() => postgres.stop());
    return new Ground(folder, postgres, stack.move());
  }

  /** Stops something at the end, before the database server. */
  defer(stop: () => Promise<void>): void {
    this.stack.defer(stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}
