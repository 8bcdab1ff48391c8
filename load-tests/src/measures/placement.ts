import type { Bench, Venue } from '../bench.js';
import { Sender } from '../driver/sender.js';
import type { Findings } from '../report/figures.js';
import { ratio, rounded } from '../report/table.js';
import { mustBe, Orders } from '../scenarios/orders.js';
import { openBareWrites } from './pgbench.js';
import { inTurn, Side, turnsOf, warmUpSeconds } from './side.js';

const CONNECTIONS = [16, 32] as const;

/**
 * Orders placed through HTTP, all services running, and the bare writes of pgbench, in turns. After each turn consumers
 * catch up before pgbench has the machine; at the end everything that was acknowledged must be there.
 */
export async function measurePlacement(bench: Bench): Promise<Findings> {
  const venue = await bench.venue();
  const bare = await openBareWrites(bench.postgres);
  const turns = turnsOf(bench.options.seconds);
  const rows: Findings['table']['rows'][number][] = [];
  const ratios: number[] = [];
  let behind = 0;
  await warmUp(bench, venue);
  for (const connections of CONNECTIONS) {
    const till = openTill(venue, connections);
    const [ours, theirs] = [new Side(), new Side()];
    const write = async (seconds: number): Promise<void> => {
      const written = await bare.write(connections, seconds);
      theirs.operations += written.operations;
      theirs.seconds += written.seconds;
    };
    const place = async (seconds: number): Promise<void> => {
      await bench.profiled('placement', venue.platform, () =>
        ours.turn(bench.processes(venue), connections, seconds, till.place),
      );
      behind += await venue.platform.followed();
    };
    for (const [turn, seconds] of turns.entries()) {
      bench.progress(`placement: ${connections} connections, turn ${turn + 1} of ${turns.length}`);
      for (const take of inTurn([write, place], turn)) await take(seconds);
    }
    await till.close();
    ratios.push(ours.perSecond / theirs.perSecond);
    const rates = [ours.perSecond, theirs.perSecond, ratio(ours.perSecond, theirs.perSecond)];
    const waits = [ours.latencies.percentile(50), ours.latencies.percentile(99)];
    rows.push([connections, ...rates, ours.cpu.platform, ours.cpu.postgres, ours.cpu.client, ...waits]);
  }
  bench.progress('placement: looking whether anything was lost');
  await venue.platform.audit();
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

/** A till that places orders, with so many connections. */
export function openTill(
  { platform, shop }: Venue,
  connections: number,
): { place(this: void): Promise<void>; close(): Promise<void> } {
  const sender = new Sender(platform.demo.baseUrl, { connections, apiKey: platform.demo.apiKey });
  const orders = new Orders(sender, shop);
  return {
    place: async () => mustBe(201, 'An order', await orders.place()),
    close: () => sender.close(),
  };
}

/** Code is compiled, connections are open and caches are full before anything is compared. */
export async function warmUp(bench: Bench, venue: Venue): Promise<void> {
  const till = openTill(venue, 32);
  await new Side().turn(bench.processes(venue), 32, warmUpSeconds(bench.options.seconds), till.place);
  await till.close();
  await venue.platform.followed();
}
