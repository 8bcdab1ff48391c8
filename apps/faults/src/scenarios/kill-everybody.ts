import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@comanda/contracts';
import type { Dice } from '../dice.js';
import type { Played, Scenario, Stage } from '../run/scenario.js';
import { soon } from '../soon.js';

const VICTIMS: readonly ServiceName[] = [
  'orders',
  'payments',
  'inventory',
  'loyalty',
  'catalog',
  'reporting',
  'integrations',
];

/** Every service with its relay and its consumers dies again and again, side by side, on its way up too. */
export const killEverybody: Scenario = {
  id: 'F3',
  title: 'kill -9 of every service, with its relay and in the midst of what it consumes, side by side',
  share: 0.82,
  guests: { tills: 32, pace: 20 },
  async play(stage) {
    const each = Math.ceil(stage.kills / VICTIMS.length);
    const killed = await Promise.all(
      VICTIMS.map((name) => killAgainAndAgain(stage, name, stage.dice.fork(name), each)),
    );
    return killed.reduce<Required<Pick<Played, 'kills' | 'figures'>>>(
      (all, { name, kills, starting }) => ({
        kills: all.kills + kills,
        figures: {
          ...all.figures,
          [name]: kills,
          'on their way up': Number(all.figures['on their way up']) + starting,
        },
      }),
      { kills: 0, figures: { 'on their way up': 0 } },
    );
  },
};

async function killAgainAndAgain(
  { world, traffic, say }: Stage,
  name: ServiceName,
  dice: Dice,
  kills: number,
): Promise<{ name: ServiceName; kills: number; starting: number }> {
  const service = world.service(name);
  let starting = 0;
  for (let kill = 1; kill <= kills; kill++) {
    if (dice.between(1, 5) === 1) {
      await service.kill();
      await service.launch();
      starting += 1;
      await pause(dice.between(0, 1_500));
    } else {
      const up = Date.now();
      // It has something to do: a guest was served by it, or there was time to be given partitions of topics.
      if (name === 'orders' || name === 'payments')
        await soon(`${name} serves guests`, 60_000, () =>
          traffic.attempts.some(({ at, service: of, status }) => at >= up && of === name && status === 201),
        );
      else await pause(2_000);
      await pause(dice.between(0, 3_000));
    }
    await service.kill();
    await service.start();
    if (kill % 10 === 0) say(`${name}: ${kill} kills`);
  }
  return { name, kills: kills + starting, starting };
}
