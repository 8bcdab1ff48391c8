import type { Bench } from '../bench.js';
import { closedLoop } from '../driver/closed-loop.js';
import { Latencies } from '../driver/latencies.js';
import { Sender } from '../driver/sender.js';
import { bothUsages, meter, NO_USAGE, perOperation, type Usage } from '../machine/meter.js';
import type { Findings } from '../report/figures.js';
import { ratio, rounded } from '../report/table.js';
import { mustBe, Orders } from '../scenarios/orders.js';
import { openBareWrites } from './pgbench.js';

const CONNECTIONS = [16, 32] as const;

/** One side of a comparison, over all the turns it had. */
class Side {
  operations = 0;
  seconds = 0;
  usage: Usage = NO_USAGE;
  readonly latencies = new Latencies();

  get perSecond(): number {
    return this.operations / this.seconds;
  }
}

/**
 * Orders placed through HTTP, all services running, and the bare writes of pgbench, in turns. After each turn consumers
 * catch up before pgbench has the machine; at the end everything that was acknowledged must be there.
 */
export async function measurePlacement(bench: Bench): Promise<Findings> {
  const { platform, shop } = await bench.venue();
  const bare = await openBareWrites(bench.postgres.url);
  const turns = turnsOf(bench.options.seconds);
  const rows: Findings['table']['rows'][number][] = [];
  const ratios: number[] = [];
  let behind = 0;
  for (const connections of CONNECTIONS) {
    const sender = new Sender(platform.demo.baseUrl, { connections, apiKey: platform.demo.apiKey });
    const orders = new Orders(sender, shop);
    const [ours, theirs] = [new Side(), new Side()];
    for (const [turn, seconds] of turns.entries()) {
      bench.progress(`placement: ${connections} connections, turn ${turn + 1} of ${turns.length}`);
      const written = await bare.write(connections, seconds);
      theirs.operations += written.operations;
      theirs.seconds += written.seconds;
      const used = meter({ platform: platform.pid, postgres: bench.postgres.pid });
      const run = await bench.profiled('placement', platform, () =>
        closedLoop({
          workers: connections,
          seconds,
          act: async () => mustBe(201, 'An order', await orders.place()),
        }),
      );
      ours.usage = bothUsages(ours.usage, used());
      ours.operations += run.operations;
      ours.seconds += run.seconds;
      ours.latencies.add(run.latencies);
      behind += await platform.followed();
    }
    await sender.close();
    ratios.push(ours.perSecond / theirs.perSecond);
    const cpu = perOperation(ours.usage, ours.operations);
    const rates = [ours.perSecond, theirs.perSecond, ratio(ours.perSecond, theirs.perSecond)];
    const waits = [ours.latencies.percentile(50), ours.latencies.percentile(99)];
    rows.push([connections, ...rates, cpu.platform, cpu.postgres, cpu.client, ...waits]);
  }
  bench.progress('placement: looking whether anything was lost');
  await platform.audit();
  return {
    figures: { placementRatio: rounded(Math.min(...ratios)) },
    table: {
      title: 'Placing orders through HTTP, beside the bare writes of one order in six round trips',
      columns: `connections,orders/s,${bare.by}/s,ratio,platform ms,PostgreSQL ms,client ms,p50 ms,p99 ms`.split(','),
      rows,
      notes: [
        'CPU is of the time under load, consumers included; what they still had to do is not in it.',
        `Consumers needed ${rounded(behind)} s more to follow, in ${CONNECTIONS.length * turns.length} turns; then every invariant held.`,
      ],
    },
  };
}

/** Seconds of each turn: ten where there is time, so that what else the machine does meets both sides. */
function turnsOf(seconds: number): number[] {
  const turns = Math.max(1, Math.round(seconds / 10));
  return Array.from({ length: turns }, () => seconds / turns);
}
