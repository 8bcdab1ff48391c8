import type { Sender } from '../driver/sender.js';
import { meter } from '../machine/meter.js';
import { countStatements, resetStatements, totalOf } from '../platform/statements.js';
import { readWrites, type Writes } from '../platform/writes.js';
import type { OwnTarget } from './target.js';

/** What a thousand orders cost, from the first guest to the last effect: everything that was asked meanwhile is in it. */
export interface Cost extends Writes {
  readonly orders: number;
  /** Of a thousand orders, all below. CPU seconds; `null` where a server's processes cannot be seen. */
  readonly cpuSeconds: number | null;
  readonly platformCpuSeconds: number;
  readonly postgresCpuSeconds: number | null;
  readonly statements: number;
  /** Of bodies, to the platform and back. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Begins to count what a platform costs. The function that it returns tells what a thousand of so many orders cost since. */
export async function costing(
  { platform, postgres }: OwnTarget,
  sender: Sender,
): Promise<(orders: number) => Promise<Cost>> {
  await resetStatements(postgres.url);
  const before = await readWrites(postgres.url, platform.prefix);
  const bytes = { ...sender.bytes };
  const used = meter({ platform: platform.pid, postgres: postgres.pid });
  return async (orders) => {
    const usage = used();
    const statements = totalOf(await countStatements(postgres.url, platform));
    const now = await readWrites(postgres.url, platform.prefix);
    const each = (total: number): number => (total / orders) * 1_000;
    const since = (what: keyof typeof now): number => each(now[what] - before[what]);
    const seconds = (milliseconds: number): number => each(milliseconds) / 1_000;
    return {
      orders,
      cpuSeconds: usage.postgres === null ? null : seconds(usage.platform + usage.postgres),
      platformCpuSeconds: seconds(usage.platform),
      postgresCpuSeconds: usage.postgres === null ? null : seconds(usage.postgres),
      statements: each(statements),
      transactions: since('transactions'),
      rowsInserted: since('rowsInserted'),
      rowsUpdated: since('rowsUpdated'),
      rowsDeleted: since('rowsDeleted'),
      walBytes: since('walBytes'),
      walSyncs: since('walSyncs'),
      ioWrites: since('ioWrites'),
      storedBytes: since('storedBytes'),
      bytesIn: each(sender.bytes.sent - bytes.sent),
      bytesOut: each(sender.bytes.received - bytes.received),
    };
  };
}
