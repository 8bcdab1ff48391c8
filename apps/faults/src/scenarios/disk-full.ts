import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { rudelyTurnedAway } from '../traffic/attempts.js';
import { alive } from '../world/looks.js';

/** Nothing is acknowledged that there was no room for, and nobody has to start a service when there is room again. */
export const diskFull: Scenario = {
  id: 'F32',
  title: 'PostgreSQL’s disk is full',
  needs: 'a small disk',
  guests: { tills: 16, pace: 10 },
  async play({ world, traffic, say }) {
    const disk = world.smallDisk;
    if (!disk) return { skipped: 'it takes a disk that this user may mount' };
    const from = Date.now();
    await disk.fill();
    await soon('requests are turned away', 120_000, async () => {
      // What is freed meanwhile, by vacuum or by a checkpoint, is taken again.
      await disk.fill();
      return traffic.attempts.some(({ at, status }) => at >= from && status === 503);
    });
    say('there is no room');
    await pause(5_000);
    for (const [name] of world.services)
      expectThat(await alive(world, name), `${name} was not alive while the disk was full.`);
    const turnedAway = traffic.attempts.filter(({ at, status }) => at >= from && status >= 500);
    const wrong = rudelyTurnedAway(turnedAway);
    expectThat(
      wrong.length === 0,
      `${wrong.length} of ${turnedAway.length} were not turned away with 503 and Retry-After: ${JSON.stringify(wrong[0])}`,
    );
    await disk.clear();
    const ended = await world.postgres.hasEnded();
    if (ended) await world.postgres.startAgain();
    const room = Date.now();
    const recovered = await soon('orders and payments are taken again', 30_000, () =>
      (['orders', 'payments'] as const).every((service) =>
        traffic.attempts.some((each) => each.at >= room && each.service === service && each.status === 201),
      ),
    );
    return {
      faults: 1,
      figures: {
        'turned away': turnedAway.length,
        PostgreSQL: ended ? 'ended, and was started again' : 'went on',
        'recovered within, s': Math.round(recovered / 100) / 10,
      },
    };
  },
};
