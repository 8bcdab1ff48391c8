import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.js';
import { Sender } from '../driver/sender.js';
import type { Cell, Findings } from '../report/figures.js';
import { ratio } from '../report/table.js';
import { mustBe } from '../scenarios/orders.js';
import { inTurn, Side, turnsOf } from './side.js';

const CONNECTIONS = 32;

/** A location's full menu, read with a valid key, and the same bytes from a route of Fastify that does nothing else, in turns. */
export async function measureMenuRead(bench: Bench): Promise<Findings> {
  const venue = await bench.venue();
  const { baseUrl, apiKey } = venue.platform.demo;
  const path = `/v1/catalog/locations/${venue.shop.places[0]?.locationId ?? ''}/menu`;
  const platform = new Sender(baseUrl, { connections: CONNECTIONS, apiKey });
  const { body } = await platform.send({ path });
  await using bare = await serveBytes(body);
  const empty = new Sender(bare.url, { connections: CONNECTIONS, apiKey });
  const read = (from: Sender) => async (): Promise<void> => mustBe(200, 'A menu', await from.send({ path }));
  const [ours, theirs] = [new Side(), new Side()];
  const sides = [
    { side: theirs, act: read(empty), processes: { platform: bare.pid, postgres: null } },
    { side: ours, act: read(platform), processes: bench.processes(venue) },
  ];
  for (const { act, processes } of sides) await new Side().turn(processes, CONNECTIONS, 1, act);
  const turns = turnsOf(bench.options.seconds);
  for (const [turn, seconds] of turns.entries()) {
    bench.progress(`menu: turn ${turn + 1} of ${turns.length}`);
    for (const { side, act, processes } of inTurn(sides, turn))
      await bench.profiled('menuRead', venue.platform, () => side.turn(processes, CONNECTIONS, seconds, act));
  }
  await Promise.all([platform.close(), empty.close()]);
  const menuReadRatio = ratio(ours.perSecond, theirs.perSecond);
  const row = (who: string, { perSecond, cpu, latencies }: Side): Cell[] => {
    const waits = [latencies.percentile(50), latencies.percentile(99)];
    return [who, perSecond, cpu.platform, cpu.postgres, cpu.client, ...waits];
  };
  return {
    figures: { menuReadRatio },
    table: {
      title: `The full menu of a location, ${Buffer.byteLength(body).toLocaleString('en')} bytes, with a valid key, ${CONNECTIONS} connections`,
      columns: ['who', 'answers/s', 'server ms', 'PostgreSQL ms', 'client ms', 'p50 ms', 'p99 ms'],
      rows: [row('the platform', ours), row('an empty route of Fastify', theirs), ['ratio', menuReadRatio]],
    },
  };
}

/** An empty route of Fastify in a process of its own. */
async function serveBytes(body: string): Promise<{ url: string; pid: number } & AsyncDisposable> {
  const child = fork(fileURLToPath(new URL('empty-route.js', import.meta.url)));
  child.send(body);
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
