import type { Bench, Venue } from '../bench.js';
import { fillHistory } from '../platform/history.js';
import type { Cell, Findings } from '../report/figures.js';
import { ratio } from '../report/table.js';
import { openLocations } from '../scenarios/locations.js';
import { openTill, warmUp } from './placement.js';
import { inTurn, Side, turnsOf } from './side.js';

const CONNECTIONS = 32;
const HISTORY = 1_000_000;
const LOCATIONS = 1_000;

/** Placing orders with a million of them in the table, and with none. */
export async function measureHistory(bench: Bench): Promise<Findings> {
  const { found, table } = await compare(
    bench,
    `${HISTORY.toLocaleString('en')} orders in the table`,
    async (venue) => {
      await warmUp(bench, venue); // there must be orders to make copies of
      await fillHistory(venue.platform, HISTORY);
      return venue;
    },
  );
  return { figures: { historyRatio: found }, table };
}

/** Placing orders at a thousand locations, one after the other, and at one. */
export async function measureLocations(bench: Bench): Promise<Findings> {
  const { found, table } = await compare(bench, `${LOCATIONS.toLocaleString('en')} locations`, async (venue) => {
    const shop = await openLocations(venue.platform.demo, venue.shop, LOCATIONS);
    await venue.platform.followed();
    return { ...venue, shop };
  });
  return { figures: { locationsRatio: found }, table };
}

/** Two platforms on one server, in turns: one that has grown, and one that has just been opened. */
async function compare(
  bench: Bench,
  what: string,
  grow: (venue: Venue) => Promise<Venue>,
): Promise<{ found: number | null; table: Findings['table'] }> {
  const fresh = await bench.venue('fresh');
  const before = await bench.venue('grown');
  bench.progress(`${what}: making them`);
  const grown = await grow(before);
  const sides = [
    { name: 'just opened', venue: fresh, side: new Side(), till: openTill(fresh, CONNECTIONS) },
    { name: what, venue: grown, side: new Side(), till: openTill(grown, CONNECTIONS) },
  ] as const;
  for (const { venue } of sides) await warmUp(bench, venue);
  const turns = turnsOf(bench.options.seconds);
  for (const [turn, seconds] of turns.entries()) {
    bench.progress(`${what}: turn ${turn + 1} of ${turns.length}`);
    for (const { venue, side, till } of inTurn(sides, turn)) {
      await side.turn(bench.processes(venue), CONNECTIONS, seconds, till.place);
      await venue.platform.followed();
    }
  }
  for (const { till } of sides) await till.close();
  for (const name of ['fresh', 'grown']) await bench.close(name);
  const [without, within] = sides;
  const found = ratio(within.side.perSecond, without.side.perSecond);
  return {
    found,
    table: {
      title: `Placing orders with ${what}, beside a platform that has just been opened, ${CONNECTIONS} connections`,
      columns: ['platform', 'orders/s', 'platform ms', 'PostgreSQL ms', 'p50 ms', 'p99 ms'],
      rows: [
        ...sides.map(({ name, side: { perSecond, cpu, latencies } }): Cell[] => {
          const waits = [latencies.percentile(50), latencies.percentile(99)];
          return [name, perSecond, cpu.platform, cpu.postgres, ...waits];
        }),
        ['ratio', found],
      ],
    },
  };
}
