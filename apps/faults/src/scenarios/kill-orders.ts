import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';

/** Every guest's order is there once, however often the service dies over it. */
export const killOrders: Scenario = {
  id: 'F1',
  share: 0.1,
  title: 'kill -9 of orders while it places orders, at random points',
  guests: { tills: 8, pace: 5 },
  async play({ world, traffic, dice, kills, say }) {
    const orders = world.service('orders');
    let amid = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const placed = traffic.journal.operations;
      await soon('orders are placed again', 30_000, () => traffic.journal.operations > placed + 3);
      await pause(dice.between(0, 150));
      if (traffic.waiting > 0) amid += 1;
      await orders.kill();
      await orders.start();
      if (kill % 10 === 0) say(`${kill} kills`);
    }
    return { kills, figures: { 'kills with requests under way': amid } };
  },
};
