import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { ready, waitingEvents } from '../world/looks.js';

/** Guests notice nothing: what happened waits in the outboxes and goes out when the broker is back. */
export const brokerDown: Scenario = {
  id: 'F7',
  title: 'the broker is killed and stays away for 60 s',
  async play({ world, traffic, say }) {
    const from = Date.now();
    await world.kafka.end('SIGKILL');
    say('the broker is away');
    await pause(60_000);
    const during = traffic.attempts.filter(({ at, method }) => at >= from && method === 'POST');
    const failed = during.filter(({ status }) => status === 0 || status >= 500);
    expectThat(during.length > 0, 'Nobody ordered while the broker was away.');
    expectThat(failed.length === 0, `${failed.length} of ${during.length} POSTs failed while the broker was away.`);
    for (const [name] of world.services)
      expectThat(await ready(world, name), `${name} was not ready while the broker was away.`);
    const backlog = await waitingEvents(world);
    say(`the broker comes back, ${backlog} events wait`);
    await world.kafka.startAgain();
    const drained = await soon('the outboxes are drained', 120_000, async () => (await waitingEvents(world)) < 20);
    return {
      faults: 1,
      figures: {
        'POSTs meanwhile': during.length,
        failed: 0,
        backlog,
        'drained within, s': Math.round(drained / 1_000),
      },
    };
  },
};
