import type { Bench } from '../bench.js';
import { closedLoop } from '../driver/closed-loop.js';
import { Sender } from '../driver/sender.js';
import { meter, perOperation } from '../machine/meter.js';
import { busiestStatements, countStatements, resetStatements, totalOf } from '../platform/statements.js';
import type { Findings } from '../report/figures.js';
import { rounded } from '../report/table.js';
import { mustBe, Orders } from '../scenarios/orders.js';

/** Tills that place, pay and place again. */
const TILLS = 32;

/**
 * Orders that are placed, paid by card at the sandbox, posted to the ledger, taken from the shelves and turned into points.
 * The time, the processor and the statements run until the last effect of the last order is there.
 */
export async function measureCompleteOrder(bench: Bench): Promise<Findings> {
  const { platform, shop } = await bench.venue();
  const { postgres, options } = bench;
  const sender = new Sender(platform.demo.baseUrl, { connections: TILLS, apiKey: platform.demo.apiKey });
  const orders = new Orders(sender, shop);
  const complete = async (): Promise<void> => {
    const { placed, paid } = await orders.complete();
    mustBe(201, 'An order', placed);
    mustBe(201, 'A payment', paid);
  };
  bench.progress('complete orders: warming up');
  await closedLoop({ workers: TILLS, seconds: Math.min(3, options.seconds), act: complete });
  await platform.followed();
  await resetStatements(postgres.url);
  bench.progress(`complete orders: ${options.seconds} seconds of ${TILLS} tills`);
  const used = meter({ platform: platform.pid, postgres: postgres.pid });
  const since = performance.now();
  const run = await bench.profiled('completeOrder', platform, async () => {
    const load = await closedLoop({ workers: TILLS, seconds: options.seconds, act: complete });
    bench.progress('complete orders: waiting for stock and points');
    await platform.followed();
    return load;
  });
  const seconds = (performance.now() - since) / 1000;
  const usage = perOperation(used(), run.begun);
  const statements = await countStatements(postgres.url);
  const busiest = await busiestStatements(postgres.url);
  await sender.close();
  bench.progress('complete orders: looking whether anything was lost');
  await platform.audit();
  const cpuMs = usage.postgres === null ? null : usage.platform + usage.postgres;
  const sqlStatements = totalOf(statements) / run.begun;
  return {
    figures: {
      completeOrder: {
        cpuMs: cpuMs === null ? null : rounded(cpuMs),
        sqlStatements: rounded(sqlStatements),
        perSecond: rounded(run.begun / seconds),
      },
    },
    table: {
      title: 'A complete order: placed, paid by card, in the ledger, off the shelves, points earned',
      columns: ['what', 'an order'],
      rows: [
        ['platform, ms of CPU', usage.platform],
        ['PostgreSQL, ms of CPU', usage.postgres],
        ['client, ms of CPU, not counted', usage.client],
        ['SQL statements', sqlStatements],
        ...Object.entries(statements).map(([database, calls]) => [
          `  ${database.slice(platform.prefix.length)}`,
          calls / run.begun,
        ]),
        ['orders a second, until the last effect', run.begun / seconds],
        ['orders a second while tills sold', run.operations / run.seconds],
        ['placed and paid, p50, ms', run.latencies.percentile(50)],
        ['placed and paid, p99, ms', run.latencies.percentile(99)],
        ...(options.profile
          ? busiest.map(({ database, calls, query }) => [
              `${database.slice(platform.prefix.length)}: ${query.replaceAll(/\s+/g, ' ').slice(0, 100)}`,
              calls / run.begun,
            ])
          : []),
      ],
      notes: [
        `${run.begun} orders. The sandbox, which plays the card's provider, is in the platform's process and counted.`,
      ],
    },
  };
}
