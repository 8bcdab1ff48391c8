import type { Bench } from '../bench.js';
import { closedLoop } from '../driver/closed-loop.js';
import type { LoadRun } from '../driver/closed-loop.js';
import { Sender } from '../driver/sender.js';
import { meter, perOperation, type Usage } from '../machine/meter.js';
import {
  busiestStatements,
  countStatements,
  resetStatements,
  type StatementCounts,
  totalOf,
} from '../platform/statements.js';
import type { Cell, Findings } from '../report/figures.js';
import { rounded } from '../report/table.js';
import { mustBe, Orders } from '../scenarios/orders.js';
import { warmUpSeconds } from './side.js';

/** Tills that place, pay and place again. */
export const TILLS = 64;

interface CompleteOrders {
  readonly load: LoadRun;
  /** Orders a second, until the last effect of the last order was there. */
  readonly perSecond: number;
  readonly usage: Usage;
  readonly statements: StatementCounts;
}

/**
 * Orders that are placed, paid by card at the sandbox, posted to the ledger, taken from the shelves and turned into points.
 * The time, the processor and the statements run until the last effect of the last order is there.
 */
export async function completeOrders(bench: Bench, seconds: number, tills = TILLS): Promise<CompleteOrders> {
  const venue = await bench.venue();
  const { platform, shop } = venue;
  const { postgres } = bench;
  const sender = new Sender(platform.demo.baseUrl, { connections: tills, apiKey: platform.demo.apiKey });
  const orders = new Orders(sender, shop);
  const act = async (): Promise<void> => {
    const { placed, paid } = await orders.complete();
    mustBe(201, 'An order', placed);
    mustBe(201, 'A payment', paid);
  };
  bench.progress('complete orders: warming up');
  await closedLoop({ workers: tills, seconds: warmUpSeconds(seconds), act });
  await platform.followed();
  await resetStatements(postgres.url);
  bench.progress(`complete orders: ${seconds} seconds of ${tills} tills`);
  const used = meter(bench.processes(venue));
  const since = performance.now();
  const load = await bench.profiled('completeOrder', platform, async () => {
    const run = await closedLoop({ workers: tills, seconds, act });
    bench.progress('complete orders: waiting for stock and points');
    await platform.followed();
    return run;
  });
  const whole = (performance.now() - since) / 1000;
  const usage = perOperation(used(), load.begun);
  await sender.close();
  return {
    load,
    perSecond: load.begun / whole,
    usage,
    statements: await countStatements(postgres.url, platform),
  };
}

/** What a complete order costs, and how many a second can be kept up. */
export async function measureCompleteOrder(bench: Bench): Promise<Findings> {
  const { load, perSecond, usage, statements } = await completeOrders(bench, bench.options.seconds);
  bench.sustained = perSecond;
  const { platform } = await bench.venue();
  const busiest = bench.options.profile ? await busiestStatements(bench.postgres.url, platform) : [];
  bench.progress('complete orders: looking whether anything was lost');
  await platform.audit();
  const cpuMs = usage.postgres === null ? null : usage.platform + usage.postgres;
  const sqlStatements = totalOf(statements) / load.begun;
  const service = (database: string): string => database.slice(platform.prefix.length);
  return {
    figures: {
      completeOrder: {
        cpuMs: cpuMs === null ? null : rounded(cpuMs),
        sqlStatements: rounded(sqlStatements),
        perSecond: rounded(perSecond),
      },
    },
    table: {
      title: 'A complete order: placed, paid by card, in the ledger, off the shelves, points earned',
      columns: ['what', 'an order'],
      rows: [
        ['CPU, platform and PostgreSQL together, ms', cpuMs],
        ['  platform', usage.platform],
        ['  PostgreSQL', usage.postgres],
        ['  client, not counted', usage.client],
        ['SQL statements', sqlStatements],
        ...Object.entries(statements).map(([database, calls]): Cell[] => [
          `  ${service(database)}`,
          calls / load.begun,
        ]),
        ['orders a second, until the last effect', perSecond],
        ['orders a second while tills sold', load.operations / load.seconds],
        ['placed and paid, p50, ms', load.latencies.percentile(50)],
        ['placed and paid, p99, ms', load.latencies.percentile(99)],
        ...busiest.map(({ database, calls, query }): Cell[] => [
          `${service(database)}: ${query.replaceAll(/\s+/g, ' ').slice(0, 100)}`,
          calls / load.begun,
        ]),
      ],
      notes: [
        `${load.begun} orders. The sandbox, which plays the card's provider, is in the platform's process and counted.`,
        'Statements are what the server was sent, without BEGIN, COMMIT, SET and its function set_config.',
      ],
    },
  };
}

/** The rate of complete orders that can be kept up: as it was measured in this run, or in a short one of its own. */
export async function sustainedRate(bench: Bench): Promise<number> {
  bench.sustained ??= (await completeOrders(bench, Math.min(10, bench.options.seconds))).perSecond;
  return bench.sustained;
}
