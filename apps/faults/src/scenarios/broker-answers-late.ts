import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { hasFailed } from '../traffic/attempts.js';
import { waitingEvents } from '../world/looks.js';

/** What timed out may be in the log after all: it goes out again, in order, and no effect happens twice. */
export const brokerAnswersLate: Scenario = {
  id: 'F9',
  title: 'the broker takes everything and answers 20 s late',
  async play({ world, traffic, say }) {
    const from = Date.now();
    world.kafka.line.delay(20_000);
    await pause(45_000);
    const backlog = await waitingEvents(world);
    world.kafka.line.heal();
    say(`the broker answers at once again, ${backlog} events wait`);
    const drained = await soon('the outboxes are drained', 120_000, async () => (await waitingEvents(world)) < 20);
    const during = traffic.attempts.filter(({ at, method }) => at >= from && method === 'POST');
    const failed = during.filter(hasFailed).length;
    expectThat(failed === 0, `${failed} of ${during.length} POSTs failed while the broker was slow.`);
    return {
      faults: 1,
      figures: { 'POSTs meanwhile': during.length, backlog, 'drained within, s': Math.round(drained / 1_000) },
    };
  },
};
