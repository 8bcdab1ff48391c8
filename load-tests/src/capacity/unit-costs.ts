import type { ServiceName } from '@comanda/contracts';
import { BenchFailure, EXIT } from '../failure.js';
import type { Cost } from '../load/cost.js';

/** What an order that is placed, paid by card and followed by everybody costs, and what it leaves behind. */
export interface UnitCosts {
  /** Milliseconds of processor in each service’s process: its requests and its consumers. */
  readonly cpuMs: Readonly<Record<ServiceName, number>>;
  readonly postgresCpuMs: number;
  readonly statements: number;
  readonly transactions: number;
  readonly rowsInserted: number;
  readonly walBytes: number;
  readonly walSyncs: number;
  readonly ioWrites: number;
  readonly storedBytes: number;
  /** Events in each topic, and the bytes of all of them together with their headers. */
  readonly events: Readonly<Partial<Record<ServiceName, number>>>;
  readonly eventBytes: number;
}

/**
 * What was measured. Processor and statements: docs/performance.md, of 175 orders a second. How the platform’s falls on the services,
 * and their events: 477 orders at 12 a second, each service a process of its own on Kafka, without what they take when nobody orders;
 * together they took an eighth more than in one process. What is written: a run of `npm run load -- stress` at 20 a second, so that
 * transactions and syncs, which orders share when more come at once, are more than they will be.
 */
export const MEASURED: UnitCosts = {
  cpuMs: {
    identity: 0,
    catalog: 0,
    orders: 1.1,
    payments: 1.15,
    inventory: 0.55,
    loyalty: 0.75,
    integrations: 0.6,
    reporting: 0.55,
  },
  postgresCpuMs: 5,
  statements: 4.6,
  transactions: 17,
  rowsInserted: 88,
  walBytes: 75_000,
  walSyncs: 7.2,
  ioWrites: 7.2,
  storedBytes: 52_000,
  events: { orders: 2, payments: 2, inventory: 1, loyalty: 1 },
  eventBytes: 16_500,
};

/**
 * The costs in the report of another run, with the shares of the services as they were measured.
 * @param text what `npm run load -- … --json` printed
 * @throws BenchFailure in a sentence, where there are none in it
 */
export function unitCostsIn(text: string, file: string): UnitCosts {
  const cost = costIn(text);
  if (!cost)
    throw new BenchFailure(
      `${file} has no costs: it must be the JSON of a run on a platform of its own.`,
      EXIT.mistyped,
    );
  const each = (of: keyof typeof cost): number => (cost[of] ?? 0) / 1_000;
  const all = Object.values(MEASURED.cpuMs).reduce((sum, share) => sum + share, 0);
  const platformCpuMs = each('platformCpuSeconds') * 1_000;
  const cpuMs = Object.fromEntries(
    Object.entries(MEASURED.cpuMs).map(([service, share]) => [service, (share / all) * platformCpuMs]),
  ) as UnitCosts['cpuMs'];
  return {
    ...MEASURED,
    cpuMs,
    postgresCpuMs: cost.postgresCpuSeconds === null ? MEASURED.postgresCpuMs : each('postgresCpuSeconds') * 1_000,
    statements: each('statements'),
    transactions: each('transactions'),
    rowsInserted: each('rowsInserted'),
    walBytes: each('walBytes'),
    walSyncs: each('walSyncs'),
    ioWrites: each('ioWrites'),
    storedBytes: each('storedBytes'),
  };
}

function costIn(text: string): Cost | null {
  try {
    return (JSON.parse(text) as { cost?: Cost | null }).cost ?? null;
  } catch {
    return null;
  }
}
