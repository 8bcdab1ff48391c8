import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { waitingEvents } from '../world/looks.js';

/** What the broker has and the outbox does not know it has comes again, and nobody acts on it twice. */
export const killRelay: Scenario = {
  id: 'F6',
  title: 'kill -9 of the relays of orders and payments between the broker’s taking and their marking',
  share: 0.02,
  async play({ world, dice, kills, say }) {
    for (let kill = 1; kill <= kills; kill++) {
      world.kafka.line.goMute();
      await soon('the broker has taken what nobody was told of', 20_000, async () => (await waitingEvents(world)) > 5);
      await pause(dice.between(0, 500));
      const relay = world.service(dice.of(['orders', 'payments']));
      await relay.kill();
      world.kafka.line.heal();
      await relay.start();
      await soon('the outboxes are drained', 60_000, async () => (await waitingEvents(world)) < 20);
      say(`${kill} of ${kills}`);
    }
    return { kills };
  },
};
