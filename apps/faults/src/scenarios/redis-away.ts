import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { hasFailed, percentile } from '../traffic/attempts.js';

/** A cache that is empty, gone or silent costs time and nothing else. */
export const redisAway: Scenario = {
  id: 'F15',
  title: 'Redis is flushed, killed for 10 s, and says nothing for 10 s',
  async play({ world, traffic, say }) {
    await pause(5_000);
    const well = traffic.attempts.slice();
    const from = Date.now();
    await world.redis.flush();
    await pause(3_000);
    await world.redis.end();
    await pause(10_000);
    await world.redis.startAgain();
    await pause(3_000);
    world.redis.line.goDead();
    await pause(10_000);
    world.redis.line.heal();
    const during = traffic.attempts.filter(({ at }) => at >= from);
    const failed = during.filter(hasFailed).length;
    expectThat(failed === 0, `${failed} of ${during.length} requests failed while Redis was away.`);
    say(`${during.length} requests`);
    return {
      faults: 3,
      figures: {
        'requests meanwhile': during.length,
        'p99 before, ms': percentile(well, 99),
        'p99 meanwhile, ms': percentile(during, 99),
      },
    };
  },
};
