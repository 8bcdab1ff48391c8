import { setTimeout as pause } from 'node:timers/promises';
import type { Played, Scenario, Stage } from '../run/scenario.js';
import { soon } from '../soon.js';
import { spoil, unspoil } from '../world/provider.js';

const MANNERS = [
  { as: 'falls_silent' },
  { as: 'never_hears' },
  { as: 'errs', status: 500 },
  { as: 'errs', status: 500, after: true },
  { as: 'errs', status: 429 },
  { as: 'garbles' },
  { as: 'hangs_up' },
  { as: 'hangs_up', after: true },
  { as: 'changes_its_mind' },
] as const;

/** Nobody is charged twice, and whatever was charged is found, however the provider lets one down. */
export const providerFails: Scenario = {
  id: 'F17',
  title:
    'the payment provider captures and falls silent, errs, garbles, hangs up, declines and captures after all; its line is cut',
  guests: { tills: 8, pace: 100 },
  async play(stage) {
    const { world, dice, say } = stage;
    for (let round = 0; round < ROUNDS; round++) {
      const manner = MANNERS[round % MANNERS.length] ?? MANNERS[0];
      await spoil(world, { operation: 'authorize', times: dice.between(1, 4), manner });
      await spoil(world, { operation: 'lookup', times: dice.between(0, 2) + 1, manner: { as: 'errs', status: 500 } });
      await spoil(world, {
        operation: 'refund',
        times: 1,
        manner: dice.of([{ as: 'falls_silent' }, { as: 'errs', status: 500, after: true }]),
      });
      await pause(dice.between(500, 3_000));
      if (round % 6 === 5) await cutTheLine(stage);
    }
    await unspoil(world);
    say('the provider is well again');
    return served(stage);
  },
};

const ROUNDS = 2 * MANNERS.length;

async function cutTheLine({ world, dice }: Stage): Promise<void> {
  const line = world.providerLine;
  dice.of([() => line.cut(), () => line.goDead(), () => line.garble()])();
  await pause(dice.between(500, 4_000));
  line.heal();
}

async function served({ traffic }: Stage): Promise<Played> {
  const { operations } = traffic.journal;
  const took = await soon('payments are taken again', 60_000, () => traffic.journal.operations > operations + 20);
  return { faults: 4 * ROUNDS, figures: { 'served again within, s': Math.round(took / 1_000) } };
}
