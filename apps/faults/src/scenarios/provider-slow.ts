import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { hasFailed, percentile } from '../traffic/attempts.js';
import { alive, ready } from '../world/looks.js';

/** Guests wait for their cards; nobody waits for an order. */
export const providerSlow: Scenario = {
  id: 'F16',
  title: 'the payment provider answers 8 s late',
  guests: { tills: 20, pace: 100 },
  async play({ world, traffic }) {
    await soon('guests are served', 30_000, () => traffic.journal.operations > 100);
    const well = ordersIn(traffic.attempts);
    const from = Date.now();
    world.providerLine.delay(8_000);
    await pause(30_000);
    expectThat(
      (await alive(world, 'payments')) && (await ready(world, 'payments')),
      'payments was not there while its provider was slow.',
    );
    world.providerLine.heal();
    const during = ordersIn(traffic.attempts.filter(({ at }) => at >= from));
    expectThat(during.length > 0, 'Nobody ordered while the provider was slow.');
    expectThat(!during.some(hasFailed), 'Orders failed while the provider was slow.');
    const [before, meanwhile] = [percentile(well, 99), percentile(during, 99)];
    expectThat(
      meanwhile <= Math.max(1.2 * before, before + 100),
      `An order took ${meanwhile} ms (p99) while the provider was slow, ${before} before.`,
    );
    return {
      faults: 1,
      figures: {
        'orders meanwhile': during.length,
        'p99 of orders before, ms': before,
        'p99 meanwhile, ms': meanwhile,
      },
    };
  },
};

const ordersIn = (attempts: Parameters<typeof percentile>[0]): Parameters<typeof percentile>[0] =>
  attempts.filter(({ service, method }) => service === 'orders' && method === 'POST');
