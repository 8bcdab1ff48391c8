import { SERVICES } from '@comanda/contracts';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { waitingEvents } from '../world/looks.js';

/** An operator fills the log again from the outboxes, before there are topics that anything newer could go to. */
export const brokerLost: Scenario = {
  id: 'F8',
  title: 'the broker comes back with an empty log',
  async play({ world, traffic, say }) {
    const from = Date.now();
    await world.kafka.end('SIGTERM');
    await world.kafka.loseEverything();
    await world.kafka.startAgain();
    for (const service of SERVICES) {
      const { code, stderr } = await world.comanda(
        'outbox',
        'replay',
        '--service',
        service,
        '--from',
        '2000-01-01T00:00:00Z',
      );
      expectThat(code === 0, `The outbox of ${service} was not replayed: ${stderr}`);
    }
    const again = await waitingEvents(world);
    const { code, stderr } = await world.comanda('migrate');
    expectThat(code === 0, `The topics were not made again: ${stderr}`);
    say(`${again} events are published again`);
    const drained = await soon(
      'everything is in the log again',
      120_000,
      async () => (await waitingEvents(world)) < 20,
    );
    const failed = traffic.attempts.filter(
      ({ at, method, status }) => at >= from && method === 'POST' && (status === 0 || status >= 500),
    );
    expectThat(failed.length === 0, `${failed.length} POSTs failed while the log was lost.`);
    return { faults: 1, figures: { 'events published again': again, 'within, s': Math.round(drained / 1_000) } };
  },
};
