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
  share: 0.78,
  guests: { tills: 6, pace: 50 },
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

async function killAgainAndAgain({ world, traffic, say }: Stage, name: ServiceName, dice: Dice, kills: number) {
  const service = world.service(name);
  let starting = 0;
  for (let kill = 1; kill <= kills; kill++) {
    if (dice.between(1, 5) === 1) {
      starting += 1;
      await service.kill();
      await service.launch();
      await pause(dice.between(0, 2_000));
    } else {
      // Long enough, most of the time, for a member of a group to be given its partitions and begin.
      await pause(dice.between(0, 6_000));
    }
    await service.kill();
    const { operations } = traffic.journal;
    await service.start();
    if (kill % 10 === 0) {
      say(`${name}: ${kill} kills`);
      await soon('guests are served in between', 60_000, () => traffic.journal.operations > operations);
    }
  }
  return { name, kills: kills + starting, starting };
}
