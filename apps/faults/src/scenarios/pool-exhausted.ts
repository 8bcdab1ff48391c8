import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { percentile, rudelyTurnedAway } from '../traffic/attempts.js';
import { alive } from '../world/looks.js';

/** Whoever cannot be served is told so within seconds, and nothing piles up. */
export const poolExhausted: Scenario = {
  id: 'F12',
  title: 'every connection of orders waits for a lock, for 30 s',
  guests: { tills: 40, pace: 20 },
  async play({ world, traffic, say }) {
    await soon('guests are served', 30_000, () => traffic.journal.operations > 20);
    const orders = world.service('orders');
    const before = await memoryOf(orders.pid);
    const holder = new Client({ connectionString: world.databaseOf('orders') });
    await holder.connect();
    const from = Date.now();
    try {
      await holder.query('begin');
      await holder.query('lock table idempotency_keys in access exclusive mode');
      for (const until = Date.now() + 30_000; Date.now() < until; await pause(1_000))
        expectThat(await alive(world, 'orders'), 'orders was not alive while every connection waited.');
    } finally {
      await holder.end();
    }
    const freed = Date.now();
    const recovered = await soon('orders are placed again', 10_000, () =>
      traffic.attempts.some(({ at, service, status }) => at >= freed && service === 'orders' && status === 201),
    );
    const turnedAway = traffic.attempts.filter(
      ({ at, service, status }) => at >= from && at < freed && service === 'orders' && status >= 500,
    );
    const wrong = rudelyTurnedAway(turnedAway);
    expectThat(
      wrong.length === 0,
      `${wrong.length} of ${turnedAway.length} were not turned away with 503 and Retry-After: ${JSON.stringify(wrong[0])}`,
    );
    expectThat(turnedAway.length > 0, 'Nobody was turned away though every connection waited.');
    const p99 = percentile(turnedAway, 99);
    const grown = (await memoryOf(orders.pid)) - before;
    say(`${turnedAway.length} turned away, p99 ${p99} ms`);
    expectThat(p99 <= 2_500, `Who was turned away waited ${p99} ms (p99), more than 2.5 s.`);
    expectThat(grown < 200, `orders grew by ${grown} MB.`);
    return {
      faults: 1,
      figures: {
        'turned away': turnedAway.length,
        'p99 of 503, ms': p99,
        'recovered within, s': Math.round(recovered / 100) / 10,
        'MB grown': grown,
      },
    };
  },
};

/** What a process holds, in megabytes. */
async function memoryOf(pid: number): Promise<number> {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
