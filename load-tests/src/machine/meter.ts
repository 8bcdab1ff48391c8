import { cpuOf } from './cpu.js';

/** Milliseconds of processor, by who used them. */
export interface Usage {
  readonly platform: number;
  /** `null` where the server is not on this machine. */
  readonly postgres: number | null;
  /** What sends the load, and looks: this process. */
  readonly client: number;
}

export interface Metered {
  readonly platform: number;
  readonly postgres: number | null;
}

/**
 * Begins to count. The function that it returns tells what was used since.
 * @param processes the platform's process and the database server's first one
 */
export function meter({ platform, postgres }: Metered): () => Usage {
  const read = (): Usage => {
    const { user, system } = process.cpuUsage();
    return {
      platform: cpuOf(platform, { family: true }),
      postgres: postgres === null ? null : cpuOf(postgres, { family: true }),
      client: (user + system) / 1000,
    };
  };
  const before = read();
  return () => {
    const now = read();
    return {
      platform: now.platform - before.platform,
      postgres: now.postgres === null || before.postgres === null ? null : now.postgres - before.postgres,
      client: now.client - before.client,
    };
  };
}

/** What one operation used of it. */
export const perOperation = ({ platform, postgres, client }: Usage, operations: number): Usage => ({
  platform: platform / operations,
  postgres: postgres === null ? null : postgres / operations,
  client: client / operations,
});

/** Added up. */
export const bothUsages = (one: Usage, other: Usage): Usage => ({
  platform: one.platform + other.platform,
  postgres: one.postgres === null || other.postgres === null ? null : one.postgres + other.postgres,
  client: one.client + other.client,
});

export const NO_USAGE: Usage = { platform: 0, postgres: 0, client: 0 };
