import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { Latencies } from '../driver/latencies.js';
import { poisson } from '../driver/arrivals.js';
import { openLoop } from '../driver/open-loop.js';
import { Sender } from '../driver/sender.js';
import { residentMemory } from '../machine/cpu.js';
import type { Findings } from '../report/figures.js';
import { ratio, rounded } from '../report/table.js';
import { type Completed, Orders } from '../scenarios/orders.js';
import { sustainedRate } from './complete-order.js';
import { AS_BEFORE, Recovery } from './recovery.js';

/**
 * A crowd: each waits on a connection of its own, and those that find none wait in line, with their time running. They are open
 * before, as an ingress keeps them: Node lets in a few in each turn of its event loop.
 */
const CONNECTIONS = 1_024;
const TIMES = 3;
const WATCHED = 30;

/**
 * Three times as many guests as can be served, then half as many: how many are served meanwhile, what the others are told,
 * and how soon everybody is served as before.
 */
export async function measureOverload(bench: Bench): Promise<Findings> {
  const sustained = await sustainedRate(bench);
  const venue = await bench.venue();
  const { platform, shop } = venue;
  const { seconds } = bench.options;
  const sender = new Sender(platform.demo.baseUrl, { connections: CONNECTIONS, apiKey: platform.demo.apiKey });
  const orders = new Orders(sender, shop, 0);
  await sender.open(CONNECTIONS);
  const before = residentMemory(platform.pid);
  const memory = watchMemory(platform.pid);
  const crowd = new Outcomes();
  bench.progress(`overload: ${rounded(sustained * TIMES)} complete orders a second`);
  const since = performance.now();
  const until = since + seconds * 1000;
  const recovery = new Recovery();
  const guests = openLoop({
    arrivals: poisson(sustained * TIMES, seconds),
    async act(intended) {
      crowd.note(await orders.complete(), intended, performance.now() <= until);
    },
  });
  await bench.profiled('overload', platform, () => Promise.race([guests, pause(seconds * 1000)]));
  bench.progress(`overload: recovering, at ${rounded(sustained / 2)} a second`);
  const calm = performance.now();
  await openLoop({
    arrivals: poisson(sustained / 2, WATCHED),
    async act(intended) {
      const { placed, paid } = await orders.complete();
      recovery.note({
        at: intended - calm,
        took: performance.now() - intended,
        accepted: isAccepted({ placed, paid }),
      });
    },
  });
  await guests;
  const behind = await platform.followed();
  const highest = await memory.stop();
  await sender.close();
  bench.progress('overload: looking whether anything was lost');
  await platform.audit();
  const goodput = crowd.inTime / seconds;
  const recoverySeconds = recovery.seconds();
  return {
    figures: {
      overload: {
        goodputRatio: ratio(goodput, sustained) ?? 0,
        recoverySeconds: recoverySeconds === null ? null : rounded(recoverySeconds),
      },
    },
    table: {
      title: `${TIMES} times as many complete orders as can be kept up, for ${seconds} s`,
      columns: ['what', 'value'],
      rows: [
        ['sent, a second', crowd.all / seconds],
        ['kept up before, a second', sustained],
        ['accepted and paid within the time, a second', goodput],
        ['goodput ratio', ratio(goodput, sustained)],
        ['accepted and paid, p50, ms', crowd.latencies.percentile(50)],
        ['accepted and paid, p99, ms', crowd.latencies.percentile(99)],
        ...crowd.refusals,
        ['memory before, MB', before / 1e6],
        ['memory at most, MB', highest / 1e6],
        ['as before after, s', recoverySeconds],
        ['consumers then needed, s', behind],
      ],
      notes: [
        `As before: the first of three seconds with every order accepted, 99 of 100 within ${AS_BEFORE} ms, at half the rate that can be kept up.`,
        'What was accepted was there at the end: every invariant held.',
      ],
    },
  };
}

/** What guests were told, by how often. */
class Outcomes {
  all = 0;
  inTime = 0;
  readonly latencies = new Latencies();
  readonly #refused = new Map<string, number>();

  note(order: Pick<Completed, 'placed' | 'paid'>, intended: number, inTime: boolean): void {
    this.all += 1;
    if (isAccepted(order)) {
      if (inTime) this.inTime += 1;
      this.latencies.record(performance.now() - intended);
      return;
    }
    const [what, { status, retryAfter }] = order.paid ? ['payment', order.paid] : ['order', order.placed];
    const told = `${what}: ${status} ${retryAfter === null ? 'without' : 'with'} Retry-After`;
    this.#refused.set(told, (this.#refused.get(told) ?? 0) + 1);
  }

  get refusals(): [told: string, count: number][] {
    return [...this.#refused];
  }
}

const isAccepted = ({ placed, paid }: Pick<Completed, 'placed' | 'paid'>): boolean =>
  placed.status === 201 && paid?.status === 201;

/** Looks four times a second. `stop` resolves to the most that was held. */
function watchMemory(pid: number): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const watching = (async () => {
    let highest = 0;
    while (!stopping.signal.aborted) {
      highest = Math.max(highest, residentMemory(pid));
      await pause(250, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return highest;
  })();
  return {
    stop() {
      stopping.abort();
      return watching;
    },
  };
}
