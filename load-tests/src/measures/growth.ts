import type { Bench, Venue } from '../bench.js';
import type { Figures, Findings } from '../report/figures.js';
import { ratio, rounded } from '../report/table.js';
import { openTill, warmUp } from './placement.js';
import { inTurn, Side, turnsOf } from './side.js';
import { fillHistory } from '../platform/history.js';
import { openLocations } from '../scenarios/locations.js';

const CONNECTIONS = 32;
const HISTORY = 1_000_000;
const LOCATIONS = 1_000;

/** Placing orders with a million of them in the table, and with none, in turns: two platforms on one server. */
export async function measureHistory(bench: Bench): Promise<Findings> {
  const fresh = await bench.venue('fresh');
  const grown = await bench.venue('history');
  await warmUp(bench, grown);
  bench.progress(`history: filling in ${HISTORY.toLocaleString('en')} orders`);
  const since = performance.now();
  await fillHistory(grown.platform, HISTORY);
  const note = `Filled in within ${rounded((performance.now() - since) / 1000)} s, from orders that had been placed.`;
  return compare(bench, 'historyRatio', `${HISTORY.toLocaleString('en')} orders in the table`, fresh, grown, note);
}

/** Placing orders at a thousand locations in turn, and at one, in turns. */
export async function measureLocations(bench: Bench): Promise<Findings> {
  const fresh = await bench.venue('fresh');
  const grown = await bench.venue('locations');
  bench.progress(`locations: opening ${LOCATIONS.toLocaleString('en')}`);
  const shop = await openLocations(grown.platform.demo, grown.shop, LOCATIONS);
  const note = 'Each with a menu of its own; orders go to one after the other.';
  return compare(
    bench,
    'locationsRatio',
    `${LOCATIONS.toLocaleString('en')} locations`,
    fresh,
    { ...grown, shop },
    note,
  );
}

async function compare(
  bench: Bench,
  figure: keyof Figures & ('historyRatio' | 'locationsRatio'),
  what: string,
  fresh: Venue,
  grown: Venue,
  note: string,
): Promise<Findings> {
  await warmUp(bench, fresh);
  await warmUp(bench, grown);
  const sides = [fresh, grown].map((venue) => ({ venue, side: new Side(), till: openTill(venue, CONNECTIONS) }));
  const turns = turnsOf(bench.options.seconds);
  for (const [turn, seconds] of turns.entries()) {
    bench.progress(`${what}: turn ${turn + 1} of ${turns.length}`);
    for (const { venue, side, till } of inTurn(sides, turn)) {
      await side.turn(bench.processes(venue), CONNECTIONS, seconds, till.place);
      await venue.platform.followed();
    }
  }
  for (const { till } of sides) await till.close();
  const [without, within] = sides.map(({ side }) => side.perSecond);
  const found = ratio(within ?? null, without ?? null);
  return {
    figures: { [figure]: found },
    table: {
      title: `Placing orders with ${what}, beside a platform that has just been opened`,
      columns: ['platform', 'orders/s', 'platform ms', 'PostgreSQL ms', 'p50 ms', 'p99 ms'],
      rows: [
        ...sides.map(({ side: { perSecond, cpu, latencies } }, index) => {
          const waits = [latencies.percentile(50), latencies.percentile(99)];
          return [index === 0 ? 'just opened' : what, perSecond, cpu.platform, cpu.postgres, ...waits];
        }),
        ['ratio', found],
      ],
      notes: [note],
    },
  };
}
