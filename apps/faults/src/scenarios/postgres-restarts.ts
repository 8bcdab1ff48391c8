import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { alive } from '../world/looks.js';

/** Requests are turned away while it is gone, and taken again when it is back: no service has to be started anew. */
export const postgresRestarts: Scenario = {
  id: 'F10',
  title: 'PostgreSQL is restarted, and crashes, under load',
  async play({ world, traffic, dice, say }) {
    const pids = [...world.services.values()].map(({ pid }) => pid);
    const ends = ['SIGINT', 'SIGQUIT', 'SIGQUIT'] as const;
    let slowest = 0;
    let turnedAway = 0;
    for (const signal of ends) {
      await pause(dice.between(0, 1_000));
      const from = Date.now();
      await world.postgres.end(signal);
      await pause(dice.between(500, 3_000));
      for (const [name] of world.services)
        expectThat(await alive(world, name), `${name} was not alive while PostgreSQL was away.`);
      await world.postgres.startAgain();
      const back = Date.now();
      const recovered = await soon('orders and payments are taken again', 10_000, () =>
        (['orders', 'payments'] as const).every((service) =>
          traffic.attempts.some((each) => each.at >= back && each.service === service && each.status === 201),
        ),
      );
      slowest = Math.max(slowest, recovered);
      const during = traffic.attempts.filter(({ at, status }) => at >= from && at < back && status >= 500);
      const wrong = during.filter(({ status, retryAfter }) => status !== 503 || !retryAfter);
      expectThat(
        wrong.length === 0,
        `${wrong.length} of ${during.length} were not turned away with 503 and Retry-After: ${JSON.stringify(wrong[0])}`,
      );
      turnedAway += during.length;
      say(`after ${signal} back in ${Math.round(recovered)} ms, ${during.length} turned away`);
    }
    const now = [...world.services.values()].map(({ pid }) => pid);
    expectThat(
      now.every((pid, index) => pid === pids[index]),
      'A service ended.',
    );
    return {
      faults: ends.length,
      figures: { 'recovered within, s': Math.round(slowest / 100) / 10, 'turned away': turnedAway },
    };
  },
};
